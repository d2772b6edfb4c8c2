#pragma once

#include "platform/runtime/service.hpp"

namespace mc::inventory_service
{

// Stock, holds and reservations: what the host needs to run this service.
service_info const& info();

}  // namespace mc::inventory_service
