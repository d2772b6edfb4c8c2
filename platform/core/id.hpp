#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace mc
{

// The number of an entity: positive, and typed, so that an order's id is not a user's. A
// default-made one holds 0 and exists only inside readers. On the wire a JSON number; contract
// routes also take its plain decimal digits as a string.
template <class Entity>
struct id_of
{
    std::int64_t value = 0;

    constexpr id_of() noexcept = default;
    constexpr explicit id_of(std::int64_t number) noexcept : value(number) {}
    friend constexpr auto operator<=>(id_of, id_of) noexcept = default;
};

// `^[1-9][0-9]{0,18}$` and within int64, else nothing: one spelling per number.
std::optional<std::int64_t> parse_id(std::string_view digits) noexcept;

}  // namespace mc

template <class Entity>
struct std::hash<mc::id_of<Entity>>
{
    std::size_t operator()(mc::id_of<Entity> id) const noexcept
    {
        return std::hash<std::int64_t>{}(id.value);
    }
};
