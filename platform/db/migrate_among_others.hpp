#pragma once

#include <span>
#include <string_view>

#include "platform/db/migrate.hpp"

namespace mc
{

// migrate() for a database server, where every change of the schema commits by itself and several
// processes may start at once. Each step is noted as begun, run, and noted as done; a process that
// ended in between leaves a step begun, and the next one runs that step again and lets pass that
// what it makes is there already. One process at a time: it holds the row of `schema_lease` for
// 15 s by the server's clock and renews it every 3 s on a connection of its own; others wait until
// it is done or gone. Does nothing, and takes no lease, when nothing is missing. Throws
// migration_refused as migrate() does; what was applied before the refused step stays.
int migrate_among_others(engine::connection& on, engine::source& from, std::string_view where,
                         std::span<migration_series const> all, timestamp now);

}  // namespace mc
