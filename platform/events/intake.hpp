#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "platform/events/subscriptions.hpp"
#include "platform/observe/call.hpp"

// One message on its way into effect: what the consumer and the dead letters share. Not for
// services.
namespace mc::intake
{

enum class readable
{
    yes,
    ignored,  // A type nobody here listens to.
    no
};

struct incoming
{
    readable kind = readable::ignored;
    std::string reason;  // Why it is not readable. Never its content.
    event_meta meta;
    std::string event_type;
    std::vector<prepared_event> handlers;
    call_context call;  // As whom the handlers run: the event's own trace.
};

// Decodes; no I/O.
incoming prepare(subscription_table const& table, std::string_view headers, std::string_view value);

enum class effect
{
    applied,
    known,  // It was in effect already: a second delivery.
    failed
};

struct attempt
{
    effect what = effect::applied;
    std::string reason;  // When failed.
};

// Records the event in the inbox and runs its handlers, in a step of `tx` that is undone when one
// fails. Throws `outage`, and only that.
attempt run(transaction& tx, incoming const& event);
// The handlers alone, of an event that the caller has recorded. When it fails, what it did stays
// until the caller undoes it.
attempt run_handlers(transaction& tx, incoming const& event);
// Whether one handler of many takes both events, and nobody else hears them.
bool go_together(incoming const& one, incoming const& other) noexcept;
// The handler of events that all go together; at least one.
attempt run_handler_of_many(transaction& tx, std::span<incoming const* const> events);
// Records and runs it without a step, which the caller has.
attempt run_unguarded(transaction& tx, incoming const& event);

// A failure's sentence as it is stored: one line, of limited length.
std::string stored_reason(std::string_view sentence);

}  // namespace mc::intake
