#pragma once

#include "platform/http/router.hpp"
#include "services/inventory/deps.hpp"

namespace mc::inventory_service
{

// Everything this service answers, and to whom.
void add_routes(http::router& to, deps& use);

}  // namespace mc::inventory_service
