#pragma once

#include <string_view>

#include "contracts/ids.hpp"
#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "services/cart/domain/cart.hpp"

// The fields of requests whose refusals the wire contract words.
namespace mc::cart_service
{

struct wanted_product : id_of<product>
{
    static constexpr std::string_view message = "Invalid productId";
};

struct added_quantity : bounded<1, line_quantity_max>
{
    static constexpr std::string_view message = "Quantity must be a positive integer";
};

struct line_quantity : bounded<0, line_quantity_max>
{
    static constexpr std::string_view message = "Quantity must be a non-negative integer";
};

}  // namespace mc::cart_service
