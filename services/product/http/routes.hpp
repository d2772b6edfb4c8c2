#pragma once

#include "platform/http/router.hpp"
#include "services/product/deps.hpp"

namespace mc::product_service
{

// Everything this service answers, and to whom.
void add_routes(http::router& to, deps& use);

}  // namespace mc::product_service
