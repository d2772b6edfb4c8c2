#pragma once

#include <string_view>

#include "contracts/ids.hpp"
#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/core/text.hpp"
#include "services/order/domain/order.hpp"

// The fields of requests whose refusals the wire contract words.
namespace mc::order_service
{

struct ordered_product : id_of<product>
{
    static constexpr std::string_view message = "Invalid productId";
};

struct order_quantity : bounded<1, order_quantity_max>
{
    static constexpr std::string_view message = "Invalid quantity";
};

// Any word; which ones an admin may set is the domain's to say.
struct admin_status : text<1, 1000>
{
    static constexpr std::string_view message = "Status is required";
};

}  // namespace mc::order_service
