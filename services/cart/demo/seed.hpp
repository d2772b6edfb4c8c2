#pragma once

#include "contracts/demo_world.hpp"
#include "platform/db/database.hpp"

namespace mc::cart_service
{

// A few things in the carts of the first demonstration customers. Carts that hold something are
// left alone.
void seed_carts(database& db, timestamp now, demo_world const& world);

}  // namespace mc::cart_service
