#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/runtime/config.hpp"

namespace mc
{

// Decimal digits and nothing else, a minus in front of them if need be.
std::optional<std::int64_t> whole_number(std::string_view text);
// What is wrong with this value, or nothing. Never repeats a secret.
std::optional<std::string> complaint_about(setting const& known, std::string_view text);

}  // namespace mc
