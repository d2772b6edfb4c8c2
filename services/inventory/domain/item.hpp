#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/enum.hpp>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"

namespace mc::inventory_service
{

inline constexpr std::int64_t quantity_max = 4'294'967'295;  // Units: of a line, and of a total.

// What changed how many units there are, last.
enum class level_cause
{
    created,
    set,
    adjusted,
    held,
    released,
    shipped
};
BOOST_DESCRIBE_ENUM(level_cause, created, set, adjusted, held, released, shipped)

// How full the shelf is: what STOCK_LOW and STOCK_OUT tell when it gets emptier.
enum class shelf
{
    plenty,
    low,  // At the threshold or below, but not empty.
    out
};
BOOST_DESCRIBE_ENUM(shelf, plenty, low, out)

constexpr shelf shelf_with(std::int64_t available, std::int64_t threshold) noexcept
{
    if (available <= 0)
        return shelf::out;
    return available <= threshold ? shelf::low : shelf::plenty;
}

// The stock of one product.
struct item
{
    id_of<product> product_id;
    std::string name;
    std::int64_t total_quantity = 0;  // In the house.
    std::int64_t reserved_quantity = 0;
    std::int64_t version = 1;  // Grows by one with each change of either.
    std::optional<id_of<user>> owner_user_id;
    std::optional<std::int64_t> low_stock_threshold;  // Empty: the installation's.
    bool is_deleted = false;                          // Nothing more can be held of it.
    timestamp created_at;
    timestamp updated_at;

    std::int64_t available_quantity() const noexcept { return total_quantity - reserved_quantity; }
};

// Why somebody counted again.
enum class adjustment_reason
{
    received,
    damaged,
    lost,
    found,
    returned,
    correction
};
BOOST_DESCRIBE_ENUM(adjustment_reason, received, damaged, lost, found, returned, correction)

enum class movement_cause
{
    created,
    set,
    adjusted,
    shipped
};
BOOST_DESCRIBE_ENUM(movement_cause, created, set, adjusted, shipped)

// One change of what is in the house. Never changed afterwards.
struct movement
{
    id_of<movement> id = {};
    id_of<product> product_id;
    std::int64_t delta = 0;
    std::int64_t total_after = 0;
    movement_cause cause = movement_cause::created;
    std::optional<adjustment_reason> reason = {};
    std::optional<id_of<order>> order_id = {};
    std::optional<id_of<user>> actor_user_id = {};
    std::optional<std::string> actor_role = {};
    std::optional<std::string> note = {};
    timestamp at;
};

}  // namespace mc::inventory_service
