#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "mc_version.hpp"

namespace
{

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int say(std::string_view why, int code)
{
    fmt::print(stderr, "microcommerce: {}\n", why);
    return code;
}

constexpr std::string_view folder_meaning = "Folder of databases, event log, secrets and mail";
constexpr std::string_view env_file_meaning =
    "Settings, KEY=value a line; the environment beats it";

void add_common_options(CLI::App& to, mc::app::common_options& into)
{
    CLI::Validator const not_empty([](std::string& word)
                                   { return word.empty() ? "must not be empty" : ""; }, "");
    to.add_option("--data-dir", into.data_dir, std::string(folder_meaning))
        ->type_name("FOLDER")
        ->check(not_empty);
    to.add_option("--env-file", into.env_file, std::string(env_file_meaning))
        ->type_name("FILE")
        ->check(not_empty);
}

// They stand on the program, and go after every command as well: its help should say so.
void show_common_options(CLI::App& of)
{
    for (CLI::App* each : of.get_subcommands([](CLI::App*) { return true; }))
    {
        if (each->get_name() == "openapi" || each->get_name() == "version")
            continue;
        each->footer(fmt::format("Goes with it, too:\n  {:<28}{}\n  {:<28}{}\n",
                                 "--data-dir FOLDER", folder_meaning, "--env-file FILE",
                                 env_file_meaning));
        show_common_options(*each);
    }
}

// Whoever named no command, or none of a group's, is shown those there are.
void show_commands(CLI::App const& program)
{
    CLI::App const* at = &program;
    while (!at->get_subcommands().empty())
        at = at->get_subcommands().front();
    if (!at->get_subcommands([](CLI::App const*) { return true; }).empty())
        fmt::print(stderr, "\n{}", at->help());
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
    program.set_version_flag("--version", fmt::format("microcommerce {}", MC_VERSION),
                             "Print the version");
    add_common_options(program, common);

    add_serve(program, common);
    add_migrate(program, common);
    add_seed_demo(program, common);
    add_create_admin(program, common);
    add_mail(program, common);
    add_events(program, common);
    add_import(program, common);
    add_inventory(program, common);
    add_backup(program, common);
    add_config(program, common);
    add_openapi(program);
    add_doctor(program, common);
    add_version(program);
    show_common_options(program);

    std::vector<std::string> const words(argv + 1, argv + argc);
    if (std::optional<std::string> const unknown = unknown_command(program, words))
        return say(*unknown, exit_usage);
    try
    {
        program.parse(argc, argv);
    }
    catch (CLI::ParseError const& wrong)
    {
        int const code = program.exit(wrong);
        if (code != 0)
            show_commands(program);
        return code == 0 ? 0 : exit_usage;
    }
    catch (std::exception const& why)
    {
        return say(why.what(), exit_failed);
    }
    return 0;
}
