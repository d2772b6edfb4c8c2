#include "platform/events/rebuild.hpp"

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

result<> rebuild_partition(database& into, event_log& from, subscription_table const& table,
                           std::string const& topic, partition_range const& part, rebuilt& count)
{
    for (std::int64_t next = part.first; next < part.end;)
    {
        std::vector<log_record> const records =
            from.fetch(topic, part.partition, next, rebuild_batch_max);
        if (records.empty())
            break;
        std::vector<intake::incoming> events;
        for (log_record const& record : records)
        {
            intake::incoming event = intake::prepare(table, record.headers, record.value);
            if (event.kind == intake::readable::no)
                ++count.unreadable;
            if (event.kind == intake::readable::yes)
                events.push_back(std::move(event));
        }
        result<> const done = into.write_now(project, &events);
        if (!done)
            return done;
        count.events += std::ssize(events);
        next = records.back().offset + 1;
    }
    return result<>{};
}

}  // namespace

result<rebuilt> rebuild_projections(database& into, event_log& from,
                                    subscription_table const& table, topic_names const& names)
{
    subscription_table const only = projections_of(table);
    rebuilt count;
    for (std::string const& topic : only.topics())
    {
        std::string const actual = names.actual(topic);
        for (partition_range const& part : from.ranges(actual))
        {
            result<> const done = rebuild_partition(into, from, only, actual, part, count);
            if (!done)
                return done.error();
        }
    }
    return count;
}

}  // namespace mc
