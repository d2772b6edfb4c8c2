#pragma once

#include "platform/runtime/service.hpp"

namespace mc::cart_service
{

// Carts: what the host needs to run this service.
service_info const& info();

}  // namespace mc::cart_service
