#include "platform/events/intake.hpp"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/small_text.hpp"
#include "platform/core/text.hpp"
#include "platform/events/inbox.hpp"
#include "platform/observe/trace.hpp"

namespace mc::intake
{

namespace
{

constexpr std::size_t reason_bytes_max = 250;

incoming unreadable(std::string_view reason)
{
    incoming refused;
    refused.kind = readable::no;
    refused.reason = stored_reason(reason);
    return refused;
}

std::string sentence_of(error const& failed)
{
    return fmt::format("{}: {}", failed.code, failed.message);
}

// For the time of one event's handlers the transaction is done for the event.
class acting_for
{
public:
    acting_for(transaction& tx, call_context const& call)
        : tx_(tx), before_(tx.call()), scope_(call)
    {
        tx_.act_for(call);
    }
    ~acting_for() { tx_.act_for(before_); }
    acting_for(acting_for const&) = delete;
    acting_for& operator=(acting_for const&) = delete;

private:
    transaction& tx_;
    call_context const& before_;
    call_scope scope_;
};

// Whether the inbox holds the event as of this transaction.
enum class recorded
{
    no,
    yes
};

// What `handle` says or throws, as the attempt it was.
template <class Handle>
attempt outcome_of(Handle handle)
{
    try
    {
        return handle();
    }
    catch (outage const&)
    {
        throw;
    }
    catch (std::exception const& failed)
    {
        return {effect::failed, stored_reason(failed.what())};
    }
}

attempt applied_or_failed(result<> const& done)
{
    if (!done)
        return {effect::failed, stored_reason(sentence_of(done.error()))};
    return {effect::applied, {}};
}

attempt tried(transaction& tx, incoming const& event, recorded is_recorded)
{
    acting_for const whom(tx, event.call);
    return outcome_of(
        [&]() -> attempt
        {
            if (is_recorded == recorded::no &&
                !inbox::add(tx, event.meta.event_id, tx.now_from().now()))
                return {effect::known, {}};
            attempt latest;
            for (prepared_event const& handler : event.handlers)
            {
                latest = applied_or_failed(handler(tx));
                if (latest.what == effect::failed)
                    break;
            }
            return latest;
        });
}

}  // namespace

std::string stored_reason(std::string_view sentence)
{
    std::string line(small_text<reason_bytes_max>(sentence).view());
    for (char& c : line)
        if (static_cast<unsigned char>(c) < ' ')
            c = ' ';
    return is_valid_utf8(line) ? line : "the reason is not valid UTF-8";
}

// What a header says is for somebody else need not be read: most events are, to most services.
incoming prepare(subscription_table const& table, std::string_view headers, std::string_view value)
{
    std::optional<std::string> const type = find_header(headers, "eventType");
    if (type && !type->empty() && !table.knows(*type))
        return {};
    result<envelope> head = read_envelope(value);
    if (!head)
        return unreadable(sentence_of(head.error()));
    std::vector<subscription const*> const listeners =
        table.find(head->event_type, head->event_version);
    incoming event;
    if (listeners.empty())
    {
        if (table.knows(head->event_type))
            return unreadable(
                fmt::format("event.unknown_version: version {} of {} is not known here",
                            head->event_version, head->event_type));
        return event;
    }

    event.kind = readable::yes;
    event.meta = {std::move(head->event_id), head->occurred_at, std::move(head->producer),
                  std::nullopt, find_header(headers, "traceparent").value_or("")};
    if (std::optional<std::string> const version = find_header(headers, "aggregateVersion"))
        event.meta.aggregate_version = parse_id(*version);
    event.event_type = std::move(head->event_type);
    event.call = this_call();
    event.call.traceparent = child_of(event.meta.traceparent);
    for (subscription const* const listener : listeners)
    {
        result<prepared_event> handler = listener->prepare(value, event.meta);
        if (!handler)
            return unreadable(sentence_of(handler.error()));
        event.handlers.push_back(std::move(*handler));
    }
    return event;
}

attempt run_handlers(transaction& tx, incoming const& event)
{
    return tried(tx, event, recorded::yes);
}

bool go_together(incoming const& one, incoming const& other) noexcept
{
    return one.handlers.size() == 1 && other.handlers.size() == 1 &&
           one.handlers[0].together != nullptr &&
           one.handlers[0].together == other.handlers[0].together;
}

attempt run_handler_of_many(transaction& tx, std::span<incoming const* const> events)
{
    std::vector<decoded_event> decoded;
    decoded.reserve(events.size());
    for (incoming const* const each : events)
        decoded.push_back({each->handlers[0].told.get(), &each->call});
    acting_for const whom(tx, events[0]->call);
    return outcome_of(
        [&] { return applied_or_failed((*events[0]->handlers[0].together)(tx, decoded)); });
}

attempt run_unguarded(transaction& tx, incoming const& event)
{
    return tried(tx, event, recorded::no);
}

attempt run(transaction& tx, incoming const& event)
{
    savepoint step(tx);
    attempt tried = run_unguarded(tx, event);
    if (tried.what == effect::applied)
        step.keep();
    else
        step.undo();
    return tried;
}

}  // namespace mc::intake
