#pragma once

#include "platform/http/router.hpp"
#include "services/cart/deps.hpp"

namespace mc::cart_service
{

// Everything this service answers, and to whom.
void add_routes(http::router& to, deps& use);

}  // namespace mc::cart_service
