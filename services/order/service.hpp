#pragma once

#include "platform/runtime/service.hpp"

namespace mc::order_service
{

// Orders and their life: what the host needs to run this service.
service_info const& info();

}  // namespace mc::order_service
