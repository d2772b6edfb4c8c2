#pragma once

#include <string_view>

#include "platform/core/small_text.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// W3C Trace Context, Level 1 (https://www.w3.org/TR/trace-context/), version 00:
//     00-<32 hex trace id>-<16 hex span id>-<2 hex flags>
// lower case, ids not all zero. A higher version is read by its first four members, as the
// specification asks.
using traceparent_text = small_text<55>;

bool is_traceparent(std::string_view header) noexcept;
// A new trace, sampled.
traceparent_text mint_traceparent() noexcept;
// The next span of the caller's trace, with its flags; a new trace when `parent` is not one.
traceparent_text child_of(std::string_view parent) noexcept;
// The 32 hex digits; empty when `traceparent` is not one. Refers to its argument.
std::string_view trace_id_of(std::string_view traceparent) noexcept;

// `X-Request-Id`: `<base36 ms>-<8 base36>`, as the contract shows. Unique enough to find a request
// in the logs, no secret.
small_text<64> mint_request_id(timestamp now) noexcept;
// What is accepted of a caller: [A-Za-z0-9._-]{1,64}.
bool is_request_id(std::string_view header) noexcept;

}  // namespace mc
