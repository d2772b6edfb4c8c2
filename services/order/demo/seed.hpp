#pragma once

#include "contracts/demo_world.hpp"
#include "platform/db/database.hpp"

namespace mc::order_service
{

// Some orders of the demonstration customers, in every status and over the last weeks, with the
// events they cause. A database that holds orders already is left alone.
void seed_orders(database& db, timestamp now, demo_world const& world);

}  // namespace mc::order_service
