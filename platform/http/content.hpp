#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/head.hpp"
#include "platform/http/refused.hpp"

namespace mc::http
{

// What a body that is not empty must say of itself: application/json, in UTF-8. 415 otherwise, in
// the contract's words for a charset.
std::optional<refused> check_content_type(std::string_view content_type);

// Undoes gzip and deflate (`body` becomes what was packed). 415 for another coding, 413 when more
// than `body_max` bytes come out, 400 when the data is corrupt, cut off or followed by something
// else.
std::optional<refused> decode_content(std::string_view encoding, std::string& body,
                                      std::size_t body_max);
// No coding, or one that says "as it is".
bool is_identity(std::string_view encoding) noexcept;

}  // namespace mc::http
