#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "platform/observe/call.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

inline constexpr std::size_t fact_bytes_max = 2'048;  // Longer values are cut, and end in "…".

// What one log line says, without time and level, which the logger's pattern puts before it. Text:
// `order order_placed order_id=5 request_id=…`. JSON:
// `"event":"order_placed","service":"order",…}`, the rest of an object that the pattern has opened.
void append_text_line(std::string& out, std::string_view event, std::initializer_list<fact> facts,
                      call_context const& call);
void append_json_line(std::string& out, std::string_view event, std::initializer_list<fact> facts,
                      call_context const& call);

// `value` in double quotes as a JSON string on one line: quotes, backslashes, control characters
// (C0, DEL, C1) and the Unicode line ends are escaped, invalid UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view value);

}  // namespace mc
