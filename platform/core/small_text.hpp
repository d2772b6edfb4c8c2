#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mc
{

// At most N bytes of text inside the object: trivially copyable, no allocation, so that it can
// travel in a call context from thread to thread.
template <std::size_t N>
class small_text
{
    static_assert(N >= 1 && N <= 255);

public:
    static constexpr std::size_t size_max = N;  // Bytes.

    constexpr small_text() noexcept = default;
    // Keeps the first N bytes, less when that would cut a UTF-8 character in two.
    constexpr explicit small_text(std::string_view text) noexcept
    {
        std::size_t kept = text.size() < N ? text.size() : N;
        while (kept < text.size() && kept > 0 &&
               (static_cast<unsigned char>(text[kept]) & 0xC0U) == 0x80U)
            --kept;
        for (std::size_t i = 0; i < kept; ++i)
            bytes_[i] = text[i];
        size_ = static_cast<std::uint8_t>(kept);
    }

    constexpr std::string_view view() const noexcept { return {bytes_, size_}; }
    constexpr operator std::string_view() const noexcept { return view(); }
    constexpr bool empty() const noexcept { return size_ == 0; }
    friend constexpr bool operator==(small_text const& left, small_text const& right) noexcept
    {
        return left.view() == right.view();
    }

private:
    char bytes_[N] = {};
    std::uint8_t size_ = 0;
};

}  // namespace mc
