#include "platform/auth/hmac.hpp"

#include <array>
#include <atomic>
#include <stdexcept>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "platform/core/encoding.hpp"

namespace mc
{

namespace
{

EVP_MAC* hmac_algorithm()
{
    // Lives as long as OpenSSL.
    static EVP_MAC* const fetched = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (fetched == nullptr)
        throw std::runtime_error("OpenSSL offers no HMAC");
    return fetched;
}

EVP_MAC_CTX* new_context(std::string_view key)
{
    EVP_MAC_CTX* const made = EVP_MAC_CTX_new(hmac_algorithm());
    std::array<char, 7> digest{"SHA256"};
    std::array<OSSL_PARAM, 2> const parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    unsigned char const* const bytes = reinterpret_cast<unsigned char const*>(key.data());
    if (made == nullptr || EVP_MAC_init(made, bytes, key.size(), parameters.data()) != 1)
    {
        EVP_MAC_CTX_free(made);
        throw std::runtime_error("OpenSSL refuses the HMAC key");
    }
    return made;
}

// A thread's contexts, each holding one key. A process has three keys; more take turns.
class context_cache
{
public:
    context_cache() = default;
    context_cache(context_cache const&) = delete;
    context_cache& operator=(context_cache const&) = delete;
    ~context_cache()
    {
        for (slot const& each : slots_)
            EVP_MAC_CTX_free(each.context);
    }

    EVP_MAC_CTX* context(std::uint64_t key_number, std::string_view key)
    {
        for (slot const& each : slots_)
            if (each.key_number == key_number)
                return each.context;
        slot& taken = slots_[next_++ % slots_.size()];
        EVP_MAC_CTX_free(std::exchange(taken.context, nullptr));
        taken.key_number = 0;
        taken.context = new_context(key);
        taken.key_number = key_number;
        return taken.context;
    }

private:
    struct slot
    {
        std::uint64_t key_number = 0;
        EVP_MAC_CTX* context = nullptr;
    };
    std::array<slot, 6> slots_{};
    std::size_t next_ = 0;
};

std::uint64_t next_key_number() noexcept
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

hmac_key::hmac_key(secret key) : key_(std::move(key)), number_(next_key_number()) {}

hmac_tag hmac_key::sign(std::string_view text) const
{
    thread_local context_cache cache;
    EVP_MAC_CTX* const context = cache.context(number_, key_.reveal());
    hmac_tag tag{};
    std::size_t written = 0;
    // Init without a key starts anew with the key the context holds already.
    bool const done = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                      EVP_MAC_update(context, reinterpret_cast<unsigned char const*>(text.data()),
                                     text.size()) == 1 &&
                      EVP_MAC_final(context, reinterpret_cast<unsigned char*>(tag.data()), &written,
                                    tag.size()) == 1;
    if (!done || written != tag.size())
        throw std::runtime_error("OpenSSL fails to compute an HMAC");
    return tag;
}

bool hmac_key::matches(std::string_view text, std::string_view tag) const
{
    hmac_tag const right = sign(text);
    return equal_in_constant_time({right.data(), right.size()}, tag);
}

}  // namespace mc
