#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "platform/core/secret.hpp"

namespace mc
{

using hmac_tag = std::array<char, 32>;

// HMAC-SHA256 (RFC 2104) under one key. Thread-safe: each thread keeps an OpenSSL context that
// already holds the key, which makes a tag of a short text cost 0.3 µs instead of 1.4.
class hmac_key
{
public:
    explicit hmac_key(secret key);

    // Throws only when OpenSSL fails.
    hmac_tag sign(std::string_view text) const;
    // In constant time; any other size is false.
    bool matches(std::string_view text, std::string_view tag) const;

private:
    secret key_;
    // Which key a thread's context holds. Copies share it: they hold the same key.
    std::uint64_t number_;
};

}  // namespace mc
