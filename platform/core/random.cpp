#include "platform/core/random.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>
#include <sodium.h>

#include "platform/core/encoding.hpp"

namespace mc
{

namespace
{

// Before the first use of anything of libsodium's generator; thread-safe and cheap when done.
void make_ready() noexcept
{
    static bool const ready = sodium_init() >= 0;
    if (!ready)
        std::terminate();  // No source of randomness: nothing that needs one may go on.
}

constexpr std::size_t uuid_bytes = 16;
using uuid = std::array<unsigned char, uuid_bytes>;

// Randomness that waits for its use: asking the kernel is a system call each time. For ids only,
// for it stays in memory.
constexpr std::size_t ids_in_stock = 32;

class id_stock
{
public:
    uuid take() noexcept
    {
        if (next_ == ids_.size())
        {
            random_bytes({ids_.data()->data(), sizeof(ids_)});
            next_ = 0;
        }
        return ids_[next_++];
    }

private:
    std::array<uuid, ids_in_stock> ids_;
    std::size_t next_ = ids_in_stock;
};

std::string to_text(uuid bytes, unsigned version)
{
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | (version << 4U));
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);

    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(36, '-');
    std::size_t at = 0;
    for (std::size_t i = 0; i < uuid_bytes; ++i)
    {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            ++at;
        text[at++] = digits[bytes[i] >> 4U];
        text[at++] = digits[bytes[i] & 0x0FU];
    }
    return text;
}

// The 16 bytes of a UUID's text; throws when it is none, since name spaces are literals of ours.
std::string uuid_bytes_of(std::string_view text)
{
    std::string bytes;
    int high = -1;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (i == 8 || i == 13 || i == 18 || i == 23)
        {
            if (text[i] != '-')
                throw std::invalid_argument("not a UUID: " + std::string(text));
            continue;
        }
        std::size_t const digit = std::string_view("0123456789abcdefABCDEF").find(text[i]);
        if (digit == std::string_view::npos)
            throw std::invalid_argument("not a UUID: " + std::string(text));
        int const value = static_cast<int>(digit < 16 ? digit : digit - 6);
        if (high < 0)
            high = value;
        else
        {
            bytes += static_cast<char>(high * 16 + value);
            high = -1;
        }
    }
    if (text.size() != 36 || bytes.size() != uuid_bytes)
        throw std::invalid_argument("not a UUID: " + std::string(text));
    return bytes;
}

}  // namespace

void random_bytes(std::span<unsigned char> into) noexcept
{
    make_ready();
    randombytes_buf(into.data(), into.size());
}

std::uint32_t random_below(std::uint32_t upper) noexcept
{
    make_ready();
    return randombytes_uniform(upper);
}

std::string random_hex(std::size_t byte_count)
{
    std::string bytes(byte_count, '\0');
    make_ready();
    randombytes_buf(bytes.data(), bytes.size());
    return hex(bytes);
}

std::string uuid_v4()
{
    thread_local id_stock stock;
    return to_text(stock.take(), 4);
}

std::string uuid_v5(std::string_view name_space, std::string_view name)
{
    std::string const hashed = uuid_bytes_of(name_space) + std::string(name);

    static EVP_MD const* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    if (sha1 == nullptr ||
        EVP_Digest(hashed.data(), hashed.size(), digest.data(), nullptr, sha1, nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-1");

    uuid bytes;
    for (std::size_t i = 0; i < uuid_bytes; ++i)
        bytes[i] = digest[i];
    return to_text(bytes, 5);
}

}  // namespace mc
