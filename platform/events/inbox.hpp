#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"

namespace mc::inbox
{

// How long an event's id is remembered, so that a second delivery is recognised. Must be longer
// than a relay can be cut off between sending and deleting.
inline constexpr std::chrono::days retention{7};
// Rows deleted by one call: the service's own writes wait meanwhile.
inline constexpr std::int64_t purge_rows_max = 1000;

// Notes that the event is in effect as of this transaction; false when it was already.
bool add(transaction& tx, std::string_view event_id, timestamp now);
// The same for all of them, in few statements. When it is false, some may be noted and the caller
// undoes that.
bool add_all(transaction& tx, std::span<std::string_view const> event_ids, timestamp now);

// Forgets ids seen before `before`, at most purge_rows_max of them; returns how many, so that the
// caller goes on while it is purge_rows_max.
result<std::int64_t> purge(transaction& tx, timestamp before);

}  // namespace mc::inbox
