#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc::user_service::imports
{

// The code that an address has here (is_country) for a country as somebody typed it: a code in
// either case, or an English name, marks, case and punctuation aside. Nothing for anything else.
std::optional<std::string> country_code_of(std::string_view typed);

}  // namespace mc::user_service::imports
