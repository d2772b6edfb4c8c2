#pragma once

#include <cstdint>
#include <functional>

#include "platform/core/time.hpp"
#include "platform/db/database.hpp"

namespace mc::inventory_service
{

// What the handlers of this service use.
struct deps
{
    database& db;
    mc::clock const& clock;
    std::int64_t low_stock_threshold;  // Units; of products that have none of their own.
    std::function<void()> wake_due_work;
};

}  // namespace mc::inventory_service
