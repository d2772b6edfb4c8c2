#pragma once

#include "contracts/demo_world.hpp"
#include "services/user/deps.hpp"

namespace mc::user_service
{

// The demonstration's accounts, told as any others: admin, three suppliers, five customers, all
// with the world's password. Where there are accounts already none is added. Fills `people` in that
// order with those that are there; their passwords and names are what they are.
void seed_accounts(deps& use, demo_world& world);

}  // namespace mc::user_service
