#pragma once

#include "contracts/demo_world.hpp"
#include "platform/db/database.hpp"

namespace mc::product_service
{

// The demonstration's categories and products, sold by the demonstration's suppliers, with the
// events they cause. A catalogue that holds categories already is left alone. Fills world.products.
void seed_catalogue(database& db, timestamp now, demo_world& world);

}  // namespace mc::product_service
