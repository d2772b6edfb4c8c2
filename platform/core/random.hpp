#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mc
{

// From the kernel's generator (libsodium), for secrets and ids alike. Thread-safe.
void random_bytes(std::span<unsigned char> into) noexcept;
std::uint32_t random_below(std::uint32_t upper) noexcept;  // Uniform in [0, upper).
std::string random_hex(std::size_t byte_count);
std::string uuid_v4();  // RFC 9562 §5.4, lower case. For ids: a few are made ahead, in memory.
std::string uuid_v5(std::string_view name_space,
                    std::string_view name);  // RFC 9562 §5.5; name_space is a UUID's text.

}  // namespace mc
