#include "platform/db/migrate.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "platform/core/encoding.hpp"
#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/db/snapshot.hpp"
#include "platform/json/describe.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

constexpr std::string_view record_table = R"(
    CREATE TABLE IF NOT EXISTS schema_migrations (
        series     TEXT    NOT NULL,
        number     INTEGER NOT NULL,
        name       TEXT    NOT NULL,
        checksum   TEXT    NOT NULL,
        applied_at INTEGER NOT NULL,
        PRIMARY KEY (series, number)
    ) STRICT, WITHOUT ROWID
)";
constexpr statement applied_sql{"migration.applied", R"(
    SELECT number, name, checksum, applied_at FROM schema_migrations
     WHERE series = ? ORDER BY number
)"};
constexpr statement record_sql{"migration.record", R"(
    INSERT INTO schema_migrations (series, number, name, checksum, applied_at)
    VALUES (?, ?, ?, ?, ?)
)"};

struct applied_migration
{
    int number;
    std::string name;
    std::string checksum;
    timestamp applied_at;
};
MC_DESCRIBE(applied_migration, number, name, checksum, applied_at)

// One run of migrate(): the connection, and what its sentences name.
struct migrator
{
    engine::connection& on;
    std::string_view where;
    timestamp now;

    std::string file_of(std::string_view series, int number, std::string_view name) const
    {
        return fmt::format("{} migration {:04}_{}", series, number, name);
    }
    template <class... Args>
    [[noreturn]] void refuse(fmt::format_string<Args...> why, Args&&... args) const
    {
        throw migration_refused(
            fmt::format("database {}: {}", where, fmt::format(why, std::forward<Args>(args)...)));
    }

    void check_numbers(migration_series const& series) const;
    void check_applied(migration_series const& series,
                       std::vector<applied_migration> const& applied) const;
    void apply(migration_series const& series, migration const& next) const;
    int apply_missing(migration_series const& series) const;
};

std::string checksum_of(migration const& of) { return hex(sha256(of.sql)); }

void migrator::check_numbers(migration_series const& series) const
{
    int expected = 0;
    for (migration const& each : series.migrations)
        if (each.number != ++expected)
            refuse("{} should be number {:04}; number the files from 0001 without gaps",
                   file_of(series.name, each.number, each.name), expected);
}

// Numbers have no gaps on either side, so what was applied must be a prefix of what is known.
void migrator::check_applied(migration_series const& series,
                             std::vector<applied_migration> const& applied) const
{
    for (applied_migration const& old : applied)
    {
        auto const known = std::ranges::find(series.migrations, old.number, &migration::number);
        if (known == series.migrations.end())
            refuse("it is newer than this program, which does not know {} (applied {}); start the "
                   "newer program, or restore a backup made before it",
                   file_of(series.name, old.number, old.name), to_iso(old.applied_at));
        if (known->name != old.name || checksum_of(*known) != old.checksum)
            refuse("{} was changed after it was applied {} as {:04}_{}; put the file back as it "
                   "was and write the change as a new migration",
                   file_of(series.name, known->number, known->name), to_iso(old.applied_at),
                   old.number, old.name);
    }
    for (std::size_t at = 0; at < applied.size(); ++at)
        if (applied[at].number != series.migrations[at].number)
            refuse("{} was never applied although a later one was; restore a backup",
                   file_of(series.name, series.migrations[at].number, series.migrations[at].name));
}

void migrator::apply(migration_series const& series, migration const& next) const
{
    std::string const file = file_of(series.name, next.number, next.name);
    try
    {
        on.run_script(next.sql);
    }
    catch (outage const&)
    {
        throw;  // A full disk or a lock: nothing is wrong with the file.
    }
    catch (std::exception const& failed)
    {
        refuse("{} failed: {}", file, failed.what());
    }
    if (!on.in_transaction())
        refuse("{} ends the transaction; take COMMIT and ROLLBACK out of it", file);
    {
        std::string const checksum = checksum_of(next);
        auto const row = db_detail::cells(series.name, next.number, next.name, checksum, now);
        db_detail::run recording(on, record_sql, row);
        recording.next();
    }
    log_info("db_migrated", {{"database", where}, {"migration", file}});
}

int migrator::apply_missing(migration_series const& series) const
{
    check_numbers(series);
    snapshot const reading(on);
    std::vector<applied_migration> const applied =
        reading.list<applied_migration>(applied_sql, series.name);
    check_applied(series, applied);
    for (migration const& next : series.migrations.subspan(applied.size()))
        apply(series, next);
    return static_cast<int>(series.migrations.size() - applied.size());
}

}  // namespace

int migrate(engine::connection& on, std::string_view where, std::span<migration_series const> all,
            timestamp now)
{
    migrator const run{on, where, now};
    on.begin_write();
    try
    {
        on.run_script(record_table);
        int applied = 0;
        for (migration_series const& series : all)
            applied += run.apply_missing(series);
        if (std::string const complaint = applied > 0 ? on.complaint() : ""; !complaint.empty())
            run.refuse("{}", complaint);
        fail_here("db.migrated", where);
        on.commit();
        return applied;
    }
    catch (...)
    {
        on.rollback();
        throw;
    }
}

}  // namespace mc
