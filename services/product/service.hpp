#pragma once

#include "platform/runtime/service.hpp"

namespace mc::product_service
{

// Categories and products: what the host needs to run this service.
service_info const& info();

}  // namespace mc::product_service
