#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/auth/tokens.hpp"

// Tokens whose signature has held once on this thread, so that the next request with the same token
// need not compute it and read the payload again (2 µs of a request's 15). What they are worth is
// decided anew each time: the account is read for every request, and the expiry is compared here.
namespace mc::verified_tokens
{

// Per thread; a newer token takes the place of an older one. About 700 bytes each.
inline constexpr std::size_t kept_max = 1'024;

// The claims of this very token under the keys with that number, while it has not expired.
std::optional<token_claims> find(std::uint64_t keys, std::string_view token, timestamp now);
void keep(std::uint64_t keys, std::string_view token, token_claims const& claims);

}  // namespace mc::verified_tokens
