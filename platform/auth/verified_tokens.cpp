#include "platform/auth/verified_tokens.hpp"

#include <array>
#include <memory>
#include <string>

#include <sodium.h>

namespace mc::verified_tokens
{

namespace
{

struct entry
{
    std::uint64_t keys = 0;  // 0: empty.
    std::uint64_t hash = 0;
    std::string token;
    token_claims claims;
};

using table = std::array<entry, kept_max>;

table& of_this_thread()
{
    thread_local std::unique_ptr<table> const entries = std::make_unique<table>();
    return *entries;
}

// Keyed, so that nobody can choose tokens that meet in one place, and compared before the token is,
// so that how long a comparison takes says nothing about a token that is kept (SipHash-2-4,
// libsodium's crypto_shorthash).
std::uint64_t hash_of(std::string_view token)
{
    static std::array<unsigned char, crypto_shorthash_KEYBYTES> const key = []
    {
        std::array<unsigned char, crypto_shorthash_KEYBYTES> made{};
        crypto_shorthash_keygen(made.data());
        return made;
    }();
    std::uint64_t hash = 0;
    static_assert(sizeof(hash) == crypto_shorthash_BYTES);
    crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                     reinterpret_cast<unsigned char const*>(token.data()), token.size(),
                     key.data());
    return hash;
}

}  // namespace

std::optional<token_claims> find(std::uint64_t keys, std::string_view token, timestamp now)
{
    std::uint64_t const hash = hash_of(token);
    entry const& at = of_this_thread()[hash % kept_max];
    if (at.keys != keys || at.hash != hash || at.token != token)
        return std::nullopt;
    timestamp const this_second = std::chrono::floor<seconds>(now);
    if (at.claims.expires <= this_second || at.claims.issued > this_second + token_skew_max)
        return std::nullopt;
    return at.claims;
}

void keep(std::uint64_t keys, std::string_view token, token_claims const& claims)
{
    std::uint64_t const hash = hash_of(token);
    of_this_thread()[hash % kept_max] = {keys, hash, std::string(token), claims};
}

}  // namespace mc::verified_tokens
