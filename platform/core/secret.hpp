#pragma once

#include <string>
#include <string_view>

#include <fmt/core.h>

namespace mc
{

// A password, key or token of ours. It prints as ***, so it cannot reach a log or a configuration
// listing by accident; whoever needs the bytes says `reveal()`. They are overwritten when it dies,
// is assigned to or moved from.
class secret
{
public:
    secret() = default;
    explicit secret(std::string bytes);  // Wipes what it was given, too.
    secret(secret const&) = default;
    secret(secret&& from) noexcept;
    secret& operator=(secret from) noexcept;
    ~secret();

    // Valid while this object lives and is not changed. Do not copy it into anything that is
    // logged.
    std::string_view reveal() const noexcept { return bytes_; }
    bool empty() const noexcept { return bytes_.empty(); }

private:
    std::string bytes_;
};

}  // namespace mc

template <>
struct fmt::formatter<mc::secret> : fmt::formatter<fmt::string_view>
{
    template <class Context>
    auto format(mc::secret const&, Context& context) const
    {
        return fmt::formatter<fmt::string_view>::format("***", context);
    }
};
