#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mc
{

// RFC 4648 §5 without padding. Decoding refuses padding, other characters and non-canonical
// trailing bits.
std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);
std::string hex(std::string_view bytes);     // Lower case.
std::string sha256(std::string_view bytes);  // 32 raw bytes.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

}  // namespace mc
