#include "apps/microcommerce/rebuild.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/events/rebuild.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"

namespace mc::app
{
namespace
{

constexpr milliseconds part_time{5'000};

// Where to go on; the first time there is no topic.
struct place_line
{
    std::string topic;
    std::int64_t partition = 0;
    std::int64_t offset = 0;
};
MC_DESCRIBE(place_line, topic, partition, offset)

struct part_line
{
    std::int64_t events = 0;
    std::int64_t unreadable = 0;
    std::optional<place_line> next;
};
MC_DESCRIBE(part_line, events, unreadable, next)

bool has_projections(subscription_table const& table)
{
    return std::ranges::any_of(table.all(), [](subscription const& row)
                               { return row.kind == subscription_kind::projection; });
}

}  // namespace

result<std::string> rebuild_part(host& in, std::span<std::string const> arguments)
{
    error misused{error_kind::invalid, "command.usage", "rebuild needs a service"};
    if (arguments.empty() || arguments.size() > 2)
        return misused;
    std::string const& service = arguments[0];
    if (std::ranges::find(in.services(), service, &service_info::name) == in.services().end())
        return error{error_kind::not_found, "command.no_service", no_such_service(service)};
    subscription_table const& table = in.subscriptions_of(service);
    if (!has_projections(table))
        return error{error_kind::conflict, "command.no_projections",
                     fmt::format("{} has no projections; there is nothing to rebuild", service)};
    rebuild_place start;
    if (arguments.size() == 2)
    {
        result<place_line> const asked = json::parse<place_line>(arguments[1]);
        if (!asked)
            return misused;
        start = {asked->topic, static_cast<int>(asked->partition), asked->offset};
    }
    result<rebuild_step> const done = rebuild_some(in.database_of(service), in.log(), table,
                                                   in.names_of_topics(), start, part_time);
    if (!done)
        return done.error();
    part_line line{done->count.events, done->count.unreadable, std::nullopt};
    if (done->next)
        line.next = place_line{done->next->topic, done->next->partition, done->next->offset};
    return json::to_text(line);
}

void rebuild(common_options const& from, std::string const& service)
{
    part_line all;
    control_request request{"host", "rebuild", {service}};
    do
    {
        part_line const part = json::parse<part_line>(ask(from, request)).value();
        all.events += part.events;
        all.unreadable += part.unreadable;
        all.next = part.next;
        if (part.next)
            request.arguments = {service, json::to_text(*part.next)};
    }
    while (all.next);
    fmt::print("{} events went through the projections of {}", all.events, service);
    if (all.unreadable > 0)
        fmt::print("; {} could not be read and were passed over", all.unreadable);
    fmt::print("\n");
}

}  // namespace mc::app
