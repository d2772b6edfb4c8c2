#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/core/bounded.hpp"
#include "platform/core/text.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/read.hpp"
#include "services/inventory/domain/hold.hpp"
#include "services/inventory/domain/item.hpp"

// The fields of requests whose refusals the wire contract words, and those that are more than one
// type.
namespace mc::inventory_service
{

struct total_quantity : bounded<0, quantity_max>
{
    static constexpr std::string_view message = "totalQuantity must be a non-negative integer";
};

struct held_line
{
    id_of<product> product_id;
    bounded<1, quantity_max> quantity;
};
MC_DESCRIBE(held_line, product_id, quantity)

struct held_lines : std::vector<held_line>
{
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t size_max = hold_lines_max;
};

inline constexpr std::size_t note_max = 500;  // Code points.

}  // namespace mc::inventory_service

namespace mc::json
{

template <>
struct codec<inventory_service::total_quantity>
{
    static void read(reader& from, inventory_service::total_quantity& into);
};

}  // namespace mc::json
