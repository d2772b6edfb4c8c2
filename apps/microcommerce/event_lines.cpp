#include "apps/microcommerce/event_lines.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "platform/core/text.hpp"
#include "platform/db/database.hpp"
#include "platform/events/dead_letters.hpp"
#include "platform/events/event.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"
#include "platform/json/write.hpp"

namespace mc::app
{
namespace
{

constexpr std::size_t page_bytes_max = 512 * 1024;  // Well below what one control line may hold.
constexpr std::size_t fetch_max = 200;
constexpr std::int64_t dead_letters_max = 500;

struct event_line
{
    std::string topic;
    std::int64_t partition;
    std::int64_t offset;
    timestamp at;
    std::string key;
    std::map<std::string, std::string> headers;
    json::raw value;
};
MC_DESCRIBE(event_line, topic, partition, offset, at, key, headers, value)

struct dead_line
{
    std::int64_t id;
    std::string service;
    std::string topic;
    std::string key;
    std::string event_id;
    std::string event_type;
    dead_letter_state state;
    std::int64_t tries;
    std::string reason;
    timestamp stored_at;
};
MC_DESCRIBE(dead_line, id, service, topic, key, event_id, event_type, state, tries, reason,
            stored_at)

constexpr std::string_view shown_headers[] = {"eventType",        "eventVersion", "producer",
                                              "aggregateVersion", "traceparent",  "content-type"};

// A foreign producer may have written anything at all: what is no JSON is shown as a string.
json::raw shown_value(std::string const& value)
{
    if (read_envelope(value))
        return {value};
    return {json::to_text(is_valid_utf8(value) ? value : std::string("(not UTF-8)"))};
}

std::string line_of(log_record const& record)
{
    event_line line{.topic = record.topic,
                    .partition = record.partition,
                    .offset = record.offset,
                    .at = record.at,
                    .key = record.key,
                    .headers = {},
                    .value = shown_value(record.value)};
    for (std::string_view const name : shown_headers)
        if (std::optional<std::string> value = find_header(record.headers, name))
            line.headers.emplace(name, *value);
    return json::to_text(line) + "\n";
}

bool is_wanted(log_record const& record, std::string const& key, std::string const& type)
{
    if (!key.empty() && record.key != key)
        return false;
    return type.empty() || find_header(record.headers, "eventType") == type;
}

}  // namespace

result<std::string> event_lines(host& in, std::span<std::string const> arguments)
{
    error misused{error_kind::invalid, "command.usage",
                  "list-events needs topic, key, type and start"};
    if (arguments.size() != 4)
        return misused;
    std::string const& topic = arguments[0];
    std::vector<std::string> const topics = in.topics();
    if (!topic.empty() && std::ranges::find(topics, topic) == topics.end())
        return error{
            error_kind::not_found, "events.no_topic",
            fmt::format("there is no topic \"{}\"; there are {}", topic, fmt::join(topics, ", "))};
    std::int64_t passed = 0;
    std::int64_t const start = arguments[3] == "0" ? 0 : parse_id(arguments[3]).value_or(-1);
    if (start < 0)
        return misused;

    std::string lines;
    for (std::string const& each : topics)
    {
        if (!topic.empty() && topic != each)
            continue;
        for (partition_range const& range : in.log().ranges(each))
        {
            std::int64_t const held = range.end - range.first;
            if (passed + held <= start)
            {
                passed += held;
                continue;
            }
            std::int64_t offset = range.first + std::max<std::int64_t>(0, start - passed);
            passed += offset - range.first;
            while (offset < range.end)
            {
                std::vector<log_record> const records =
                    in.log().fetch(each, range.partition, offset, fetch_max);
                if (records.empty())
                    break;  // Retention was quicker.
                for (log_record const& record : records)
                {
                    offset = record.offset + 1;
                    ++passed;
                    if (is_wanted(record, arguments[1], arguments[2]))
                        lines += line_of(record);
                    if (lines.size() > page_bytes_max)
                        return fmt::format("{}\n{}", passed, lines);
                }
            }
        }
    }
    return "\n" + lines;
}

result<std::string> dead_letter_lines(host& in, std::string const& service)
{
    std::string lines;
    for (service_info const* info : in.services())
    {
        if (!service.empty() && service != info->name)
            continue;
        std::vector<dead_letter> const letters =
            in.database_of(info->name)
                .read_now(dead_letters::list, std::int64_t{0}, dead_letters_max);
        for (dead_letter const& each : letters)
            lines += json::to_text(dead_line{.id = each.id,
                                             .service = std::string(info->name),
                                             .topic = each.topic,
                                             .key = each.key,
                                             .event_id = each.event_id,
                                             .event_type = each.event_type,
                                             .state = each.state,
                                             .tries = each.tries,
                                             .reason = each.reason,
                                             .stored_at = each.stored_at}) +
                     "\n";
    }
    return lines;
}

}  // namespace mc::app
