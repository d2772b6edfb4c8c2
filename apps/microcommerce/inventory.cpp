#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"

namespace mc::app
{

void add_inventory(CLI::App& to, common_options const& from)
{
    CLI::App* const group = to.add_subcommand("inventory", "Look after stock");
    group->require_subcommand(1);
    group
        ->add_subcommand("verify",
                         "Hold every product's stock against its movements, holds and reservations")
        ->callback([&from] { fmt::print("{}", ask(from, {"inventory", "verify", {}})); });
}

}  // namespace mc::app
