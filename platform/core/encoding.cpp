#include "platform/core/encoding.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>

#include <openssl/evp.h>
#include <sodium.h>

namespace mc
{

namespace
{

// libsodium and OpenSSL take bytes as unsigned char; reading char through it is always allowed.
unsigned char const* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

constexpr std::uint32_t not_a_sextet = 0x8000'0000U;

constexpr std::array<std::uint32_t, 256> base64url_values = []
{
    std::array<std::uint32_t, 256> values{};
    values.fill(not_a_sextet);
    std::uint32_t next = 0;
    for (char const c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
        values[static_cast<unsigned char>(c)] = next++;
    return values;
}();

std::uint32_t sextet(char c) noexcept { return base64url_values[static_cast<unsigned char>(c)]; }

}  // namespace

std::string base64url(std::string_view bytes)
{
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
    text.pop_back();  // Its terminating zero.
    return text;
}

// Own code: libsodium 1.0.18 accepts some bytes above 0x7F ("YeE\xBC"), so that one token would
// have several spellings, and its constant time costs 1.3 µs for a token's payload, more than all
// the rest of verifying it. What is decoded here came from outside and is no secret.
std::optional<std::string> from_base64url(std::string_view text)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes(text.size() * 3 / 4, '\0');
    char* into = bytes.data();
    std::uint32_t wrong = 0;  // Its high bit is set once a character is none of the 64.
    char const* from = text.data();
    for (char const* const end = from + text.size() / 4 * 4; from != end; from += 4, into += 3)
    {
        std::uint32_t const group = sextet(from[0]) << 18U | sextet(from[1]) << 12U |
                                    sextet(from[2]) << 6U | sextet(from[3]);
        wrong |= sextet(from[0]) | sextet(from[1]) | sextet(from[2]) | sextet(from[3]);
        into[0] = static_cast<char>(group >> 16U & 0xFFU);
        into[1] = static_cast<char>(group >> 8U & 0xFFU);
        into[2] = static_cast<char>(group & 0xFFU);
    }
    if (std::size_t const left = text.size() % 4; left != 0)
    {
        std::uint32_t const third = left == 3 ? sextet(from[2]) : 0;
        std::uint32_t const group = sextet(from[0]) << 18U | sextet(from[1]) << 12U | third << 6U;
        wrong |= sextet(from[0]) | sextet(from[1]) | third;
        into[0] = static_cast<char>(group >> 16U & 0xFFU);
        if (left == 3)
            into[1] = static_cast<char>(group >> 8U & 0xFFU);
        // The bits that belong to no byte are zero in the one canonical spelling.
        if ((group & (left == 3 ? 0xFFU : 0xFFFFU)) != 0)
            return std::nullopt;
    }
    if ((wrong & not_a_sextet) != 0)
        return std::nullopt;
    return bytes;
}

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (char const c : bytes)
    {
        unsigned const byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0x0FU];
    }
    return text;
}

std::string sha256(std::string_view bytes)
{
    // Fetched once: looking an algorithm up by name costs more than hashing a short text.
    static EVP_MD const* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::string digest(32, '\0');
    if (algorithm == nullptr ||
        EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                   nullptr, algorithm, nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-256");
    return digest;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept
{
    return left.size() == right.size() &&
           sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace mc
