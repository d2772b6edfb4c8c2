#pragma once

#include <memory>

#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "services/order/clients/address_client.hpp"
#include "services/order/clients/cart_client.hpp"
#include "services/order/clients/inventory_client.hpp"

namespace mc::order_service
{

// What the handlers of this service use.
struct deps
{
    database& db;
    mc::clock const& clock;
    std::unique_ptr<cart_client> cart;
    std::unique_ptr<address_client> addresses;
    // Null: there is no inventory service that could be asked; where one runs, it reserves when it
    // hears ORDER_CREATED.
    std::unique_ptr<inventory_client> inventory;
    seconds payment_time;  // How long an order waits for its payment; 0: for ever.
};

}  // namespace mc::order_service
