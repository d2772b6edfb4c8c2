#pragma once

#include "platform/runtime/service.hpp"

namespace mc::user_service
{

// Accounts, passwords and sessions: what the host needs to run this service.
service_info const& info();

}  // namespace mc::user_service
