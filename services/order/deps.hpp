#pragma once

#include <memory>

#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "services/order/clients/cart_client.hpp"

namespace mc::order_service
{

// What the handlers of this service use.
struct deps
{
    database& db;
    mc::clock const& clock;
    std::unique_ptr<cart_client> cart;
};

}  // namespace mc::order_service
