#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "platform/db/migrate.hpp"
#include "platform/db/snapshot.hpp"
#include "platform/json/describe.hpp"

// What both ways to migrate share: the record `schema_migrations`, and what must be true of it.
namespace mc::db_detail
{

// A row of the record.
struct applied_migration
{
    int number;
    std::string name;
    std::string checksum;
    timestamp applied_at;
};
MC_DESCRIBE(applied_migration, number, name, checksum, applied_at)

// One run of a migration: the connection, and what its sentences name.
struct migrator
{
    engine::connection& on;
    std::string_view where;
    timestamp now;

    static std::string file_of(std::string_view series, int number, std::string_view name);
    static std::string checksum_of(migration const& of);
    template <class... Args>
    [[noreturn]] void refuse(fmt::format_string<Args...> why, Args&&... args) const
    {
        throw migration_refused(
            fmt::format("database {}: {}", where, fmt::format(why, std::forward<Args>(args)...)));
    }

    // Those of the connection's dialect, in order. Refuses when their numbers do not rise from 1.
    std::vector<migration> known(migration_series const& series) const;
    // Refuses unless what was applied is the beginning of what is known, unchanged.
    void check(std::string_view series, std::vector<migration> const& known,
               std::vector<applied_migration> const& applied) const;
};

}  // namespace mc::db_detail
