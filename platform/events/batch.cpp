#include "platform/events/batch.hpp"

#include "platform/core/fail_point.hpp"
#include "platform/events/offsets.hpp"
#include "platform/events/parking.hpp"

namespace mc::intake
{

namespace
{

class taking_in
{
public:
    taking_in(transaction& tx, batch const& of)
        : tx_(tx), of_(of), lines_(parking::has_lines(tx, of.group))
    {}

    void one(message const& each)
    {
        switch (each.event.kind)
        {
        case readable::ignored: break;
        case readable::no:
            parking::park_unreadable(tx_, of_.group, each.record, each.event.reason);
            ++outcome.unreadable;
            outcome.reason = each.event.reason;
            break;
        case readable::yes: event(each); break;
        }
        ++outcome.done;
        outcome.next[{each.record.topic, each.record.partition}] = each.record.offset + 1;
    }

    batch_outcome outcome;

private:
    void event(message const& each)
    {
        parking::line const line{of_.group, each.record.topic,
                                 parking::order_key_of(each.record, each.event)};
        if (lines_ && parking::is_waited_for(tx_, line))
        {
            parking::park_behind(tx_, line, each.record, each.event);
            ++outcome.waiting;
            return;
        }
        attempt const tried = run(tx_, each.event);
        switch (tried.what)
        {
        case effect::applied: ++outcome.applied; break;
        case effect::known:   ++outcome.known; break;
        case effect::failed:
            parking::park_failed(tx_, line, each.record, each.event, tried.reason);
            lines_ = true;
            ++outcome.failed;
            outcome.reason = tried.reason;
            break;
        }
    }

    transaction& tx_;
    batch const& of_;
    bool lines_;  // Whether anything is parked, so that most messages need not ask.
};

}  // namespace

result<batch_outcome> take_in(transaction& tx, batch const* of)
{
    steady_time const until = std::chrono::steady_clock::now() + of->time_max;
    taking_in work(tx, *of);
    for (message const& each : of->messages)
    {
        work.one(each);
        if (std::chrono::steady_clock::now() > until)
            break;
    }
    for (auto const& [where, next] : work.outcome.next)
    {
        auto const stored = of->stored->find(where);
        std::optional<std::int64_t> const expected =
            stored == of->stored->end() ? std::nullopt : stored->second;
        if (!offsets::move(tx, of->group, where.first, where.second, expected, next))
            return error{error_kind::conflict, partition_lost_code,
                         "Another copy of the service reads this partition"};
    }
    fail_here("consumer.before_commit", of->service);
    return std::move(work.outcome);
}

}  // namespace mc::intake
