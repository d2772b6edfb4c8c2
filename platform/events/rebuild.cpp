#include "platform/events/rebuild.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "platform/events/intake.hpp"

namespace mc
{

namespace
{

constexpr std::size_t rebuild_batch_max = 128;

subscription_table projections_of(subscription_table const& table)
{
    subscription_table only;
    for (subscription const& row : table.all())
        if (row.kind == subscription_kind::projection)
            only.add(row);
    return only;
}

result<> project(transaction& tx, std::vector<intake::incoming> const* events)
{
    for (intake::incoming const& event : *events)
        for (prepared_event const& handler : event.handlers)
        {
            result<> const done = handler(tx);
            if (!done)
                return done;
        }
    return result<>{};
}

// One rebuild, from a place on until its time is up.
class rebuilding
{
public:
    rebuilding(database& into, event_log& from, subscription_table const& projections,
               milliseconds time_max)
        : into_(into),
          from_(from),
          projections_(projections),
          until_(std::chrono::steady_clock::now() + time_max)
    {}

    // What the partition holds now, from `offset` on. Leaves off early when the time is up, though
    // never before one batch was done.
    result<> take(std::string const& topic, std::string const& actual, partition_range const& part,
                  std::int64_t offset)
    {
        for (std::int64_t next = std::max(part.first, offset); next < part.end;)
        {
            if (has_begun_ && std::chrono::steady_clock::now() > until_)
            {
                step.next = rebuild_place{topic, part.partition, next};
                return result<>{};
            }
            std::vector<log_record> const records =
                from_.fetch(actual, part.partition, next, rebuild_batch_max);
            if (records.empty())
                break;
            result<> const done = take(records);
            if (!done)
                return done;
            next = records.back().offset + 1;
            has_begun_ = true;
        }
        return result<>{};
    }

    rebuild_step step;

private:
    result<> take(std::vector<log_record> const& records)
    {
        std::vector<intake::incoming> events;
        for (log_record const& record : records)
        {
            intake::incoming event = intake::prepare(projections_, record.headers, record.value);
            if (event.kind == intake::readable::no)
                ++step.count.unreadable;
            if (event.kind == intake::readable::yes)
                events.push_back(std::move(event));
        }
        result<> const done = into_.write_now(project, &events);
        if (done)
            step.count.events += std::ssize(events);
        return done;
    }

    database& into_;
    event_log& from_;
    subscription_table const& projections_;
    steady_time until_;
    bool has_begun_ = false;
};

}  // namespace

result<rebuild_step> rebuild_some(database& into, event_log& from, subscription_table const& table,
                                  topic_names const& names, rebuild_place const& start,
                                  milliseconds time_max)
{
    subscription_table const only = projections_of(table);
    std::vector<std::string> const topics = only.topics();
    auto topic = start.topic.empty() ? topics.begin() : std::ranges::find(topics, start.topic);
    if (topic == topics.end() && !start.topic.empty())
        return error{error_kind::invalid, "rebuild.unknown_topic",
                     "No projection hears " + start.topic};
    rebuilding work(into, from, only, time_max);
    for (; topic != topics.end(); ++topic)
    {
        bool const is_first = *topic == start.topic;
        std::string const actual = names.actual(*topic);
        for (partition_range const& part : from.ranges(actual))
        {
            if (is_first && part.partition < start.partition)
                continue;
            bool const goes_on = is_first && part.partition == start.partition;
            result<> const done = work.take(*topic, actual, part, goes_on ? start.offset : 0);
            if (!done)
                return done.error();
            if (work.step.next)
                return std::move(work.step);
        }
    }
    return std::move(work.step);
}

result<rebuilt> rebuild_projections(database& into, event_log& from,
                                    subscription_table const& table, topic_names const& names)
{
    result<rebuild_step> const all =
        rebuild_some(into, from, table, names, {}, std::chrono::hours(24 * 365));
    if (!all)
        return all.error();
    return all->count;
}

}  // namespace mc
