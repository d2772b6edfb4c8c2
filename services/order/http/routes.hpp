#pragma once

#include "platform/http/router.hpp"
#include "services/order/deps.hpp"

namespace mc::order_service
{

// Everything this service answers, and to whom.
void add_routes(http::router& to, deps& use);

}  // namespace mc::order_service
