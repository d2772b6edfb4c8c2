#pragma once

#include "platform/core/time.hpp"
#include "platform/db/database.hpp"

namespace mc::product_service
{

// What the handlers of this service use.
struct deps
{
    database& db;
    mc::clock const& clock;
};

}  // namespace mc::product_service
