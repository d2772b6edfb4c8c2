#include "platform/db/migrate.hpp"

#include <string>
#include <vector>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/db/migration_checks.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

using db_detail::applied_migration;
using db_detail::migrator;

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

void apply(migrator const& run, std::string_view series, migration const& next)
{
    std::string const file = migrator::file_of(series, next.number, next.name);
    try
    {
        run.on.run_script(next.sql);
    }
    catch (outage const&)
    {
        throw;  // A full disk or a lock: nothing is wrong with the file.
    }
    catch (std::exception const& failed)
    {
        run.refuse("{} failed: {}", file, failed.what());
    }
    if (!run.on.in_transaction())
        run.refuse("{} ends the transaction; take COMMIT and ROLLBACK out of it", file);
    {
        std::string const checksum = migrator::checksum_of(next);
        auto const row = db_detail::cells(series, next.number, next.name, checksum, run.now);
        db_detail::run recording(run.on, record_sql, row);
        recording.next();
    }
    log_info("db_migrated", {{"database", run.where}, {"migration", file}});
}

int apply_missing(migrator const& run, migration_series const& series)
{
    std::vector<migration> const known = run.known(series);
    std::vector<applied_migration> const applied =
        snapshot(run.on).list<applied_migration>(applied_sql, series.name);
    run.check(series.name, known, applied);
    for (std::size_t at = applied.size(); at < known.size(); ++at)
        apply(run, series.name, known[at]);
    return static_cast<int>(known.size() - applied.size());
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
            applied += apply_missing(run, series);
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
