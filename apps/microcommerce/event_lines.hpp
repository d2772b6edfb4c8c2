#pragma once

#include <span>
#include <string>

#include "platform/core/result.hpp"
#include "platform/runtime/host.hpp"

// Events and dead letters as lines of JSON, for `microcommerce events`.
namespace mc::app
{

// Arguments: topic, key, type (each may be empty: all; a topic that is none is refused) and the
// number of events to pass over. The first line is the number to go on with, empty at the end; one
// JSON object a line follows.
result<std::string> event_lines(host& in, std::span<std::string const> arguments);

// Dead letters of one service, or of all when `service` is empty.
result<std::string> dead_letter_lines(host& in, std::string const& service);

}  // namespace mc::app
