#pragma once

#include <span>
#include <string_view>

#include "platform/core/time.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/errors.hpp"
#include "platform/db/migration.hpp"

namespace mc
{

// The migrations of one owner, numbered for themselves: "platform" and "service".
struct migration_series
{
    std::string_view name;
    std::span<migration const> migrations;
};

// Brings a database up to date in one transaction that holds the write lock: what is missing of
// each series is applied in order and recorded in `schema_migrations` with the SHA-256 of its text.
// Returns how many were applied; a second call applies none. Throws migration_refused, and changes
// nothing, when an applied file was edited, renamed or is unknown here (the database is newer than
// the program), when a file was added in front of an applied one, when numbers do not rise from 1,
// when a file fails, ends the transaction, leaves a foreign key without its row, or makes a table
// that is not STRICT or whose constraints are deferred (one broken at COMMIT would fail everybody
// in the group). `where` names the database in these sentences.
int migrate(engine::connection& on, std::string_view where, std::span<migration_series const> all,
            timestamp now);

}  // namespace mc
