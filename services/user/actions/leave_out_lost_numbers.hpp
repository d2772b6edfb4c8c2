#pragma once

#include <cstdint>

#include "platform/runtime/service.hpp"
#include "services/user/deps.hpp"

namespace mc::user_service::actions
{

// After an older backup was restored the numbers of the accounts made since must not be given out
// again: tokens, carts and orders bear them
// (docs/adr/0011-numbers-of-lost-accounts.md). What tells of them are this service's own events in
// the log and the projections of accounts beside it. Goes on above the highest of these numbers,
// and says so in the log when that leaves any out. Throws `outage` when the log is away.
void leave_out_lost_numbers(deps& use, past const& known);

// The highest account that user-events tell of, or 0. Reads each partition backwards, and no
// further than to a USER_CREATED: numbers grow with time.
std::int64_t highest_told(event_log& log, std::string const& topic);

}  // namespace mc::user_service::actions
