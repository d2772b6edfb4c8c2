#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/examination.hpp"
#include "platform/core/error.hpp"
#include "platform/core/time.hpp"
#include "platform/events/dead_letters.hpp"
#include "platform/events/from_outside.hpp"
#include "platform/events/logs/kafka/facts.hpp"
#include "platform/runtime/logs.hpp"
#include "platform/runtime/setting_value.hpp"

namespace mc::app
{
namespace
{

// What is on its way moves within this time when anybody moves it: a relay polls every 20 ms, a
// copy of it takes over within a second.
constexpr milliseconds moves_within{1'500};
constexpr milliseconds look_again_after{100};

std::int64_t number(std::string const& text) { return whole_number(text).value_or(0); }

// How far a service's events are, both ways.
struct progress
{
    std::int64_t waiting = 0;  // In the outbox.
    std::int64_t first = 0;    // The id of the first of them.
    std::int64_t behind = 0;   // In the log and not taken in.
    std::int64_t taken = 0;    // Grows with each that is.
};

progress progress_of(look const& into, std::string const& group,
                     std::optional<kafka_facts> const& brokers)
{
    progress now;
    if (auto const rows = into(from_outside::backlog_sql); !rows.empty())
    {
        now.waiting = number(rows[0][0]);
        now.first = number(rows[0][1]);
    }
    if (!brokers)
        return now;
    std::vector<known_offset> known;
    for (std::vector<std::string> const& row : into(from_outside::offsets_sql))
        if (row[0] == group)
        {
            known.push_back({.topic = row[1],
                             .partition = static_cast<int>(number(row[2])),
                             .next = number(row[3])});
            now.taken += known.back().next;
        }
    now.behind = lag_of(*brokers, known);
    return now;
}

void look_at_letters(examination& of, std::string_view service, look const& into)
{
    std::vector<std::vector<std::string>> const rows = into(dead_letters::count_stuck_sql);
    if (!rows.empty() && rows[0][0] != "0")
        of.wrong("events",
                 fmt::format("{} could not take in {} of them and waits for somebody to decide",
                             service, rows[0][0]),
                 fmt::format("microcommerce events dead list --service {}, then replay or drop",
                             service));
}

void look_at_progress(examination& of, patient const& in, std::string_view service,
                      progress const& before, progress const& after)
{
    bool const should_move = in.runs_here || in.settings.given("DB_HOST", service).has_value();
    bool const sends = after.waiting == 0 || after.first != before.first;
    if (!sends && should_move)
        of.wrong("events",
                 fmt::format("{} event(s) of {} wait in its outbox and none goes out",
                             after.waiting, service),
                 "is Kafka there (above), and does a process run the service? Its log says why "
                 "(relay_paused)");
    else if (after.waiting > 0)
        of.fine("events", fmt::format("{} event(s) of {} wait in its outbox for serve to send them",
                                      after.waiting, service));
    bool const hears = after.behind == 0 || after.taken != before.taken;
    if (!hears && should_move)
        of.wrong("events",
                 fmt::format("{} is {} event(s) behind and takes none in", service, after.behind),
                 "does a process run the service, and not more copies than partitions? Its log "
                 "says why (consumer_paused, event_parked)");
    else if (after.behind > 0)
        of.fine("events", fmt::format("{} is {} event(s) behind", service, after.behind));
}

// Everything is looked at once, and what has not moved once more a moment later.
void look_at_progress_of_all(examination& of, patient const& in,
                             std::optional<kafka_facts> const& brokers)
{
    std::map<std::string_view, progress> before;
    auto const now_of = [&](std::string_view name)
    {
        service_info const* const info = *std::ranges::find(in.services, name, &service_info::name);
        return progress_of(in.databases.at(name), group_of(*info, in.settings), brokers);
    };
    for (auto const& [name, into] : in.databases)
        if (std::ranges::find(in.services, name, &service_info::name) != in.services.end())
            before[name] = now_of(name);
    std::map<std::string_view, progress> after = before;
    auto const is_still = [&](std::string_view name)
    {
        progress const& was = before[name];
        progress const& is = after[name];
        return (is.waiting > 0 && is.first == was.first) ||
               (is.behind > 0 && is.taken == was.taken);
    };
    steady_time const until = std::chrono::steady_clock::now() + moves_within;
    bool looks_again = true;
    while (looks_again && std::chrono::steady_clock::now() < until)
    {
        looks_again = false;
        for (auto& [name, latest] : after)
            if (is_still(name))
            {
                looks_again = true;
                latest = now_of(name);
            }
        if (looks_again)
            std::this_thread::sleep_for(look_again_after);
    }
    for (auto const& [name, was] : before)
        look_at_progress(of, in, name, was, after[name]);
}

std::optional<kafka_facts> look_at_brokers(examination& of, patient const& in)
try
{
    std::optional<kafka_log_options> const options = kafka_of(in.settings);
    if (!options)
        return std::nullopt;
    kafka_interest interest;
    for (service_info const* info : in.services)
        interest.groups.push_back(group_of(*info, in.settings));
    for (service_info const* info : all_services())
        for (told_topic const& topic : info->topics)
            interest.topics.push_back(in.settings.text(topic.setting));
    kafka_facts found = look_at_kafka(*options, interest);
    for (finding const& each : findings_about(found, *options))
        of.tell("kafka", each);
    return found;
}
catch (std::exception const& away)
{
    of.wrong("kafka", away.what(),
             "start the brokers, or mend KAFKA_*; requests are answered, events wait in the "
             "outboxes meanwhile");
    return std::nullopt;
}

}  // namespace

void look_at_events(examination& of, patient const& in)
{
    std::optional<kafka_facts> const brokers = look_at_brokers(of, in);
    try
    {
        for (auto const& [name, into] : in.databases)
            look_at_letters(of, name, into);
        look_at_progress_of_all(of, in, brokers);
    }
    catch (std::exception const& away)
    {
        of.wrong("events", away.what(), "mend what it says, at the server or in DB_*");
    }
}

}  // namespace mc::app
