#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"

namespace mc::app
{

void add_seed_demo(CLI::App& to, common_options const& from)
{
    to.add_subcommand("seed-demo",
                      "Make demonstration data where there is none, and print the accounts")
        ->callback([&from]
                   { fmt::print("{}", ask(from, {"host", "seed-demo", {}}, new_shop::made)); });
}

}  // namespace mc::app
