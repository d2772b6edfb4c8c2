#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"

namespace
{

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int say(std::exception const& why)
{
    fmt::print(stderr, "microcommerce: {}\n", why.what());
    return exit_failed;
}

}  // namespace

int main(int argc, char** argv)
{
    using namespace mc::app;
    CLI::App program{"MicroCommerce: an event-driven e-commerce backend in one program.",
                     "microcommerce"};
    program.require_subcommand(1);
    program.fallthrough();
    common_options common;
    program.add_option("--data-dir", common.data_dir,
                       "Folder of databases, event log, secrets and mail");
    program.add_option("--env-file", common.env_file,
                       "Settings, KEY=value a line; the environment beats it");

    add_serve(program, common);
    add_migrate(program, common);
    add_seed_demo(program, common);
    add_create_admin(program, common);
    add_mail(program, common);
    add_events(program, common);
    add_config(program, common);
    add_openapi(program);
    add_doctor(program, common);
    add_version(program);

    try
    {
        program.parse(argc, argv);
    }
    catch (CLI::ParseError const& wrong)
    {
        int const code = program.exit(wrong);
        return code == 0 ? 0 : exit_usage;
    }
    catch (std::exception const& why)
    {
        return say(why);
    }
    return 0;
}
