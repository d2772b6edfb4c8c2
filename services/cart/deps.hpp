#pragma once

#include <memory>

#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "services/cart/clients/catalogue_client.hpp"
#include "services/cart/clients/user_client.hpp"

namespace mc::cart_service
{

// What the handlers of this service use.
struct deps
{
    database& db;
    mc::clock const& clock;
    std::unique_ptr<catalogue_client> catalogue;
    std::unique_ptr<user_client> users;
};

}  // namespace mc::cart_service
