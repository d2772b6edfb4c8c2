#include "platform/events/batch.hpp"

#include <algorithm>
#include <vector>

#include "platform/core/fail_point.hpp"
#include "platform/events/inbox.hpp"
#include "platform/events/offsets.hpp"
#include "platform/events/parking.hpp"

namespace mc::intake
{

namespace
{

enum class steps
{
    none,  // The first event that fails, or is known, ends the pass; the caller undoes it.
    each   // Every event in a step of its own, so that one that fails is parked.
};

// Events recorded in the inbox at once: at a database server that is one round trip. Those are then
// run, whatever their time. More where more go to one handler together.
constexpr std::size_t recorded_at_once = 32;

class pass
{
public:
    pass(transaction& tx, batch const& of, steps how)
        : tx_(tx), of_(of), how_(how), lines_(parking::has_lines(tx, of.group))
    {}

    // False when an event failed and cannot be parked in this pass.
    bool run()
    {
        steady_time const until = std::chrono::steady_clock::now() + of_.time_max;
        while (outcome.done < of_.messages.size())
        {
            if (records_ahead() && recorded_ == outcome.done && !record_some())
                return false;
            std::size_t const together =
                records_ahead() ? std::min(together_at(outcome.done), recorded_ - outcome.done) : 1;
            std::span<message const> const next = of_.messages.subspan(outcome.done, together);
            if (!(together > 1 ? many(next) : one(next[0])))
                return false;
            for (message const& each : next)
                outcome.next[{each.record.topic, each.record.partition}] = each.record.offset + 1;
            outcome.done += together;
            if (outcome.done >= recorded_ && std::chrono::steady_clock::now() > until)
                break;
        }
        return true;
    }

    batch_outcome outcome;

private:
    // Where lines wait, which event is to be recorded is only known when it has its turn.
    bool records_ahead() const { return how_ == steps::none && !lines_; }

    // False when one of them is known or cannot be recorded.
    bool record_some()
    {
        std::size_t const count = std::max(recorded_at_once, together_at(recorded_));
        std::span<message const> const next =
            of_.messages.subspan(recorded_, std::min(count, of_.messages.size() - recorded_));
        std::vector<std::string_view> ids;
        for (message const& each : next)
            if (each.event.kind == readable::yes)
                ids.push_back(each.event.meta.event_id);
        recorded_ += next.size();
        try
        {
            return inbox::add_all(tx_, ids, tx_.now_from().now());
        }
        catch (constraint_violation const&)
        {
            return false;
        }
    }

    // How many messages from there on go to one handler of many, or to nobody; one at least.
    std::size_t together_at(std::size_t first) const
    {
        incoming const& head = of_.messages[first].event;
        std::size_t end = first + 1;
        if (!go_together(head, head))
            return 1;
        while (end < of_.messages.size() && (of_.messages[end].event.kind == readable::ignored ||
                                             go_together(head, of_.messages[end].event)))
            ++end;
        return end - first;
    }

    bool many(std::span<message const> messages)
    {
        std::vector<incoming const*> events;
        for (message const& each : messages)
            if (each.event.kind == readable::yes)
                events.push_back(&each.event);
        if (run_handler_of_many(tx_, events).what != effect::applied)
            return false;
        outcome.applied += std::ssize(events);
        return true;
    }

    attempt apply(incoming const& of)
    {
        if (how_ == steps::each)
            return intake::run(tx_, of);
        return records_ahead() ? run_handlers(tx_, of) : run_unguarded(tx_, of);
    }

    bool one(message const& each)
    {
        switch (each.event.kind)
        {
        case readable::ignored: return true;
        case readable::no:
            parking::park_unreadable(tx_, of_.group, each.record, each.event.reason);
            outcome.unreadable.push_back(noted(each, each.event.reason));
            return true;
        case readable::yes: return event(each);
        }
        return true;
    }

    bool event(message const& each)
    {
        if (lines_ && parking::is_waited_for(tx_, line_of(each)))
        {
            parking::park_behind(tx_, line_of(each), each.record, each.event);
            ++outcome.waiting;
            return true;
        }
        attempt const tried = apply(each.event);
        switch (tried.what)
        {
        case effect::applied: ++outcome.applied; return true;
        case effect::known:   ++outcome.known; return true;
        case effect::failed:  break;
        }
        if (how_ == steps::none)
            return false;
        parking::park_failed(tx_, line_of(each), each.record, each.event, tried.reason);
        lines_ = true;
        outcome.failed.push_back(noted(each, tried.reason));
        return true;
    }

    static set_aside noted(message const& each, std::string const& reason)
    {
        return {each.record.topic, each.record.partition, each.record.offset, reason};
    }

    parking::line line_of(message const& each) const
    {
        return {of_.group, each.record.topic, parking::order_key_of(each.record, each.event)};
    }

    transaction& tx_;
    batch const& of_;
    steps how_;
    std::size_t recorded_ = 0;  // The first so many messages, in a pass that records ahead.
    bool lines_;                // Whether anything is parked, so that most messages need not ask.
};

// A step per message is a third of its cost, and almost no message fails: all are tried in one step
// first.
batch_outcome handle(transaction& tx, batch const& of)
{
    {
        savepoint all(tx);
        pass quick(tx, of, steps::none);
        if (quick.run())
        {
            all.keep();
            return std::move(quick.outcome);
        }
        all.undo();
    }
    pass careful(tx, of, steps::each);
    careful.run();
    return std::move(careful.outcome);
}

}  // namespace

result<batch_outcome> take_in(transaction& tx, batch const* of)
{
    batch_outcome outcome = handle(tx, *of);
    for (auto const& [where, next] : outcome.next)
    {
        auto const stored = of->stored->find(where);
        std::optional<std::int64_t> const expected =
            stored == of->stored->end() ? std::nullopt : stored->second;
        if (!offsets::move(tx, of->group, where.first, where.second, expected, next))
            return error{error_kind::conflict, partition_lost_code,
                         "Another copy of the service reads this partition"};
    }
    fail_here("consumer.before_commit", of->service);
    return outcome;
}

}  // namespace mc::intake
