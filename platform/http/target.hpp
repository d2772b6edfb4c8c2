#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/http/refused.hpp"
#include "platform/http/request.hpp"

namespace mc::http
{

// The request-target, taken apart once; everybody after it works with these views of it.
struct target_parts
{
    std::string_view path;      // Checked, still encoded, without one trailing slash (but for "/").
    std::string_view raw_path;  // With it.
    std::string_view query;
};

// RFC 9112 §3.2. Takes origin-form, absolute-form of http and https, and `*` of OPTIONS. Refuses
// with 400 what two parsers could read differently: dot segments, `//`, a backslash, an encoded
// slash, backslash, dot or control character, a fragment, what RFC 3986 does not allow in a path,
// bytes above ASCII, escapes that are none or not UTF-8; and `"`, `<` and `>` in a query, which
// would end what it is quoted in.
std::optional<refused> parse_target(std::string_view target, method verb, target_parts& into);

// Of one checked segment.
std::string percent_decoded(std::string_view segment);

// The value of a hex digit, or -1.
int hex_value(char digit) noexcept;

}  // namespace mc::http
