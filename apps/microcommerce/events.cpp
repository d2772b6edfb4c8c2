#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/rebuild.hpp"

namespace mc::app
{
namespace
{

struct list_options
{
    std::string topic;
    std::string key;
    std::string type;
};

struct dead_options
{
    std::string service;
    std::string id;
};

void list(common_options const& from, list_options const& asked)
{
    // A page at a time: what a running process hands over is bounded.
    std::string after = "0";
    bool is_empty = true;
    while (!after.empty())
    {
        std::string const page =
            ask(from, {"host", "list-events", {asked.topic, asked.key, asked.type, after}});
        std::size_t const end = page.find('\n');
        after = page.substr(0, end);
        fmt::print("{}", page.substr(end + 1));
        is_empty = is_empty && end + 1 == page.size();
    }
    // Any type may be told by somebody, so none is wrong; but a slip of the pen should be seen.
    if (is_empty)
        fmt::print(stderr, "microcommerce: no event in the log is what you asked for\n");
}

void add_rebuild(CLI::App& to, common_options const& from)
{
    auto const service = std::make_shared<std::string>();
    CLI::App* const command = to.add_subcommand(
        "rebuild", "Put all events of the log through a service's projections once more");
    command->add_option("service", *service, "The service whose projections miss something")
        ->required();
    command->callback([service, &from] { rebuild(from, *service); });
}

void add_dead(CLI::App& to, common_options const& from)
{
    CLI::App* const dead = to.add_subcommand("dead", "Events that a service could not take in");
    dead->require_subcommand(1);
    auto const asked = std::make_shared<dead_options>();

    CLI::App* const lists = dead->add_subcommand("list", "Oldest first, one JSON object a line");
    lists->add_option("--service", asked->service, "Only of this service");
    lists->callback([asked, &from]
                    { fmt::print("{}", ask(from, {"host", "list-dead", {asked->service}})); });

    CLI::App* const replays = dead->add_subcommand(
        "replay", "Put an event, and those that wait behind it, through again");
    CLI::App* const drops =
        dead->add_subcommand("drop", "Forget an event for ever; those that wait behind it go on");
    for (CLI::App* const each : {replays, drops})
    {
        each->add_option("service", asked->service, "The service that could not take it in")
            ->required();
        each->add_option("id", asked->id, "Its number in the list")->required();
    }
    replays->callback(
        [asked, &from]
        { fmt::print("{}", ask(from, {"host", "replay-dead", {asked->service, asked->id}})); });
    drops->callback(
        [asked, &from]
        { fmt::print("{}", ask(from, {"host", "drop-dead", {asked->service, asked->id}})); });
}

}  // namespace

void add_events(CLI::App& to, common_options const& from)
{
    CLI::App* const command =
        to.add_subcommand("events", "Look at events and at what could not be taken in");
    command->require_subcommand(1);
    auto const asked = std::make_shared<list_options>();
    CLI::App* const lists = command->add_subcommand(
        "list", "Events in the log, oldest first per partition, one JSON object a line");
    lists->add_option("--topic", asked->topic, "Only this topic, e.g. order-events");
    lists->add_option("--key", asked->key, "Only of this aggregate, e.g. 7");
    lists->add_option("--type", asked->type, "Only this type, e.g. ORDER_CREATED");
    lists->callback([asked, &from] { list(from, *asked); });
    add_dead(*command, from);
    add_rebuild(*command, from);
}

}  // namespace mc::app
