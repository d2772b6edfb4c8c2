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

// "v7", in quotes: the entity tag of an item at version 7.
std::string tag_of(std::int64_t version);
// The versions that a header If-Match names; nothing: any will do, or there was no such header.
std::optional<std::vector<std::int64_t>> versions_named(std::string_view if_match);

}  // namespace mc::inventory_service

namespace mc::json
{

template <>
struct codec<inventory_service::total_quantity>
{
    static void read(reader& from, inventory_service::total_quantity& into);
};

}  // namespace mc::json
