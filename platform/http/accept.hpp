#pragma once

#include <string_view>

namespace mc::http
{

// How much an Accept header wants a media type ("text/plain"), in thousandths: the `q` of the most
// specific range that holds it, 1000 without one, 0 when none does or the `q` is no number. An
// empty header wants everything (RFC 9110 §12.5.1).
int preference(std::string_view accept, std::string_view media_type) noexcept;

}  // namespace mc::http
