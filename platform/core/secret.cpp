#include "platform/core/secret.hpp"

#include <sodium.h>

namespace mc
{

namespace
{

// The whole capacity: a shorter text may have been left behind its end. A plain fill could be
// optimised away.
void wipe(std::string& bytes) noexcept
{
    sodium_memzero(bytes.data(), bytes.capacity());
    bytes.clear();
}

}  // namespace

// Copied and wiped rather than moved: a moved short string would stay behind in the caller's
// buffer.
secret::secret(std::string bytes) : bytes_(bytes) { wipe(bytes); }

secret::secret(secret&& from) noexcept : bytes_(std::move(from.bytes_)) { wipe(from.bytes_); }

secret& secret::operator=(secret from) noexcept
{
    bytes_.swap(from.bytes_);
    return *this;
}

secret::~secret() { wipe(bytes_); }

}  // namespace mc
