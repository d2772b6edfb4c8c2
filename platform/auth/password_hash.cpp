#include "platform/auth/password_hash.hpp"

#include <array>
#include <memory>
#include <new>

#include <crypt.h>
#include <sodium.h>

#include "platform/core/encoding.hpp"
#include "platform/core/random.hpp"
#include "platform/observe/log.hpp"

namespace mc::password_hash
{

namespace
{

// A second and a half. A row that asks for more would occupy a thread.
constexpr int bcrypt_cost_max = 14;
constexpr std::size_t bcrypt_size = 60;

bool is_bcrypt(std::string_view stored) noexcept
{
    return stored.size() == bcrypt_size && stored[6] == '$' &&
           (stored.starts_with("$2a$") || stored.starts_with("$2b$") || stored.starts_with("$2y$"));
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool matches_bcrypt(std::string_view password, std::string const& stored)
{
    int const cost = is_digit(stored[4]) && is_digit(stored[5])
                         ? (stored[4] - '0') * 10 + (stored[5] - '0')
                         : 99;
    if (cost > bcrypt_cost_max)
    {
        log_warning("password_hash_refused",
                    {{"why", "bcrypt's cost is above the limit"}, {"cost", cost}});
        return false;
    }
    // crypt reads up to the first NUL; a password with one in it was never hashed that way.
    if (password.contains('\0'))
        return false;
    std::unique_ptr<crypt_data> const work = std::make_unique<crypt_data>();  // 32 KiB, zeroed.
    std::string text(password);
    char const* const made = ::crypt_r(text.c_str(), stored.c_str(), work.get());
    bool const same = made != nullptr && equal_in_constant_time(made, stored);
    sodium_memzero(text.data(), text.size());
    sodium_memzero(work.get(), sizeof(crypt_data));
    return same;
}

}  // namespace

std::string make(std::string_view password, password_cost cost)
{
    std::array<char, crypto_pwhash_STRBYTES> phc{};
    if (crypto_pwhash_str_alg(phc.data(), password.data(), password.size(), cost.passes,
                              cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return phc.data();
}

std::string make_unmatched(password_cost cost)
{
    constexpr std::size_t salt_bytes = 16;
    constexpr std::size_t tag_bytes = 32;
    std::array<unsigned char, salt_bytes + tag_bytes> random{};
    random_bytes(random);
    auto const base64 = [](unsigned char const* bytes, std::size_t size)
    {
        std::array<char, 64> text{};
        return std::string(sodium_bin2base64(text.data(), text.size(), bytes, size,
                                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING));
    };
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" + base64(random.data(), salt_bytes) + "$" +
           base64(random.data() + salt_bytes, tag_bytes);
}

password_check check(std::string_view password, std::string const& stored, password_cost cost)
{
    if (is_bcrypt(stored))
    {
        bool const same = matches_bcrypt(password, stored);
        return {.matches = same, .needs_rehash = same};
    }
    if (!stored.starts_with(crypto_pwhash_argon2id_STRPREFIX) ||
        stored.size() >= crypto_pwhash_STRBYTES)
        return {};
    if (crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) != 0)
        return {};
    int const other_cost =
        crypto_pwhash_str_needs_rehash(stored.c_str(), cost.passes, cost.memory_bytes);
    return {.matches = true, .needs_rehash = other_cost != 0};
}

}  // namespace mc::password_hash
