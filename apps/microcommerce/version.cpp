#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "mc_version.hpp"

namespace mc::app
{

void add_version(CLI::App& to)
{
    to.add_subcommand("version", "Print the version")
        ->callback([] { fmt::print("microcommerce {}\n", MC_VERSION); });
}

}  // namespace mc::app
