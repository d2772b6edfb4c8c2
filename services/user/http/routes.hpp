#pragma once

#include "platform/http/router.hpp"
#include "services/user/deps.hpp"

namespace mc::user_service
{

// Everything this service answers, and to whom.
void add_routes(http::router& to, deps& use);

}  // namespace mc::user_service
