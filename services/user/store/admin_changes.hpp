#pragma once

#include <cstdint>

#include "platform/db/transaction.hpp"

// The table `admin_changes`, one row: a version that every end of an admin raises, so that two of
// them at once are one after the other on every engine.
namespace mc::user_service::admin_changes
{

std::int64_t version(snapshot& in);

// Compare-and-set. False when somebody else was first.
bool raise(transaction& tx, std::int64_t seen);

}  // namespace mc::user_service::admin_changes
