#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace mc
{

// An integer that is always within [Min, Max]. A literal is checked by the compiler, anything else
// through `from`.
template <std::int64_t Min, std::int64_t Max>
class bounded
{
public:
    static constexpr std::int64_t min = Min;
    static constexpr std::int64_t max = Max;

    constexpr bounded() noexcept = default;
    consteval bounded(std::int64_t literal) : value_(literal)
    {
        if (literal < Min || literal > Max)
            throw "out of bounds";
    }

    static constexpr std::optional<bounded> from(std::int64_t number) noexcept
    {
        if (number < Min || number > Max)
            return std::nullopt;
        bounded made;
        made.value_ = number;
        return made;
    }

    constexpr std::int64_t value() const noexcept { return value_; }
    friend constexpr auto operator<=>(bounded, bounded) noexcept = default;

private:
    std::int64_t value_ = Min;
};

}  // namespace mc
