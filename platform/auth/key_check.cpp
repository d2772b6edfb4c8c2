#include <algorithm>
#include <array>
#include <bitset>

#include "platform/auth/tokens.hpp"
#include "platform/core/text.hpp"

namespace mc
{

namespace
{

constexpr std::size_t different_bytes_min = 8;

// What stands in keys that people copy from examples and tutorials.
constexpr std::array<std::string_view, 20> well_known{
    "change-me",   "change_me",   "changeme",     "change-this", "change_this",
    "changethis",  "change this", "example",      "placeholder", "your-secret",
    "your_secret", "yoursecret",  "your-256-bit", "jwt-secret",  "jwt_secret",
    "jwtsecret",   "secretkey",   "secret-key",   "secret_key",  "supersecret"};

}  // namespace

std::optional<std::string> weakness_of_key(secret const& key, std::string_view key_name)
{
    std::string const name(key_name);
    std::string_view const bytes = key.reveal();
    if (bytes.size() < signing_key_bytes_min)
        return name + " must have at least 32 bytes";

    std::bitset<256> seen;
    for (char const c : bytes)
        seen.set(static_cast<unsigned char>(c));
    if (seen.count() < different_bytes_min)
        return name +
               " is made of too few different characters; make one with `openssl rand -base64 48`";

    secret const lower{lower_case(bytes)};
    if (std::ranges::any_of(well_known,
                            [&](std::string_view word) { return lower.reveal().contains(word); }))
        return name +
               " looks like the default of an example; make one with `openssl rand -base64 48`";
    return std::nullopt;
}

}  // namespace mc
