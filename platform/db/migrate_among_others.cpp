#include "platform/db/migrate_among_others.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/core/random.hpp"
#include "platform/db/migration_checks.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

using db_detail::applied_migration;
using db_detail::migrator;

constexpr std::int64_t lease_ms = 15'000;
constexpr std::chrono::seconds renew_every{3};
constexpr std::uint32_t look_again_ms = 200;
constexpr int runs_max = 20;

constexpr std::string_view record_table = R"(
    CREATE TABLE IF NOT EXISTS schema_migrations (
        series     VARCHAR(32)  NOT NULL,
        number     BIGINT       NOT NULL,
        name       VARCHAR(200) NOT NULL,
        checksum   CHAR(64)     NOT NULL,
        applied_at BIGINT       NOT NULL,
        is_done    TINYINT      NOT NULL,
        PRIMARY KEY (series, number)
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
)";
constexpr std::string_view lease_table = R"(
    CREATE TABLE IF NOT EXISTS schema_lease (
        id         BIGINT      NOT NULL PRIMARY KEY,
        holder     VARCHAR(64) NOT NULL,
        held_until BIGINT      NOT NULL
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
)";
constexpr statement has_record_sql{"migration.has_record", R"(
    SELECT COUNT(*) FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'
)"};
constexpr statement applied_sql{"migration.applied", R"(
    SELECT number, name, checksum, applied_at FROM schema_migrations
     WHERE series = ? AND is_done = 1 ORDER BY number
)"};
constexpr statement begin_sql{"migration.begin", R"(
    INSERT INTO schema_migrations (series, number, name, checksum, applied_at, is_done)
    VALUES (?, ?, ?, ?, ?, 0)
)"};
// The file may have been corrected since it failed.
constexpr statement done_sql{"migration.done", R"(
    UPDATE schema_migrations SET name = ?, checksum = ?, applied_at = ?, is_done = 1
     WHERE series = ? AND number = ?
)"};
constexpr statement lease_row_sql{"migration.lease_row", R"(
    INSERT INTO schema_lease (id, holder, held_until) VALUES (1, '', 0)
)"};
constexpr statement take_lease_sql{"migration.take_lease", R"(
    UPDATE schema_lease
       SET holder = ?, held_until = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) + ?
     WHERE id = 1
       AND (holder = ? OR held_until < CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED))
)"};
constexpr statement give_lease_back_sql{"migration.give_lease_back", R"(
    UPDATE schema_lease SET held_until = 0 WHERE id = 1 AND holder = ?
)"};

// A change of the schema elsewhere ends transactions that look at the same tables (Galera).
template <class Does>
auto insistently(engine::connection& on, Does does)
{
    for (int runs = 1;; ++runs)
    {
        try
        {
            return does();
        }
        catch (outage const&)
        {
            bool const is_worth_it = on.may_run_again() && runs < runs_max;
            on.rollback();
            if (!is_worth_it)
                throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(random_below(look_again_ms)));
    }
}

// A transaction of one statement: how many rows it matched, nothing when a UNIQUE refused it.
template <class... Args>
std::optional<std::int64_t> alone(engine::connection& on, statement const& what,
                                  Args const&... args)
{
    auto const bound = db_detail::cells(args...);
    return insistently(on,
                       [&]() -> std::optional<std::int64_t>
                       {
                           on.begin_write();
                           engine::prepared& run = on.prepare(what);
                           run.start(bound);
                           engine::step const reached = run.next();
                           std::int64_t const matched = run.rows_matched();
                           run.reset();
                           on.commit();
                           if (reached == engine::step::refused_unique)
                               return std::nullopt;
                           return matched;
                       });
}

bool take_lease(engine::connection& on, std::string const& holder)
{
    return alone(on, take_lease_sql, holder, lease_ms, holder) == 1;
}

// The right to change the schema, for as long as it lives.
class lease
{
public:
    lease(engine::connection& on, engine::source& from, std::string_view where)
        : on_(on), holder_(uuid_v4())
    {
        on.run_script(lease_table);
        alone(on, lease_row_sql);
        bool told = false;
        while (!take_lease(on, holder_))
        {
            if (!told)
                log_info("db_migration_waits", {{"database", where}});
            told = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(look_again_ms));
        }
        renewing_ = from.connect(engine::purpose::migrate);
        thread_ = std::thread([this] { renew(); });
    }
    ~lease()
    {
        {
            std::lock_guard const lock(guard_);
            over_ = true;
        }
        changed_.notify_all();
        thread_.join();
        try
        {
            alone(on_, give_lease_back_sql, holder_);
        }
        catch (std::exception const& away)
        {
            log_warning("db_migration_lease_kept", {{"why", away.what()}});  // It runs out.
        }
    }
    lease(lease const&) = delete;
    lease& operator=(lease const&) = delete;

    bool is_lost() const
    {
        std::lock_guard const lock(guard_);
        return lost_;
    }

private:
    void renew()
    {
        std::unique_lock lock(guard_);
        while (!changed_.wait_for(lock, renew_every, [this] { return over_; }))
        {
            lock.unlock();
            bool held = false;
            try
            {
                held = take_lease(*renewing_, holder_);
            }
            catch (std::exception const& away)
            {
                log_warning("db_migration_lease_not_renewed", {{"why", away.what()}});
                held = true;  // Unknown: there is time for four more tries.
            }
            lock.lock();
            lost_ = lost_ || !held;
        }
    }

    engine::connection& on_;
    std::string const holder_;
    std::unique_ptr<engine::connection> renewing_;
    mutable std::mutex guard_;
    std::condition_variable changed_;
    bool over_ = false;
    bool lost_ = false;
    std::thread thread_;
};

std::vector<applied_migration> applied_of(engine::connection& on, std::string_view series)
{
    return insistently(on,
                       [&]
                       {
                           on.begin_read();
                           std::vector<applied_migration> applied =
                               snapshot(on).list<applied_migration>(applied_sql, series);
                           on.commit();
                           return applied;
                       });
}

bool nothing_missing(migrator const& run, std::span<migration_series const> all)
{
    bool const has_record =
        insistently(run.on,
                    [&]
                    {
                        run.on.begin_read();
                        bool const found = snapshot(run.on).number(has_record_sql).value_or(0) == 1;
                        run.on.commit();
                        return found;
                    });
    if (!has_record)
        return false;
    for (migration_series const& series : all)
    {
        std::vector<migration> const known = run.known(series);
        std::vector<applied_migration> const applied = applied_of(run.on, series.name);
        run.check(series.name, known, applied);
        if (applied.size() < known.size())
            return false;
    }
    return true;
}

void apply(migrator const& run, std::string_view series, migration const& next)
{
    std::string const file = migrator::file_of(series, next.number, next.name);
    std::string const checksum = migrator::checksum_of(next);
    bool const is_new =
        alone(run.on, begin_sql, series, next.number, next.name, checksum, run.now).has_value();
    try
    {
        fail_here("db.migration_begun", run.where);
        if (is_new)
            run.on.run_script(next.sql);
        else
            run.on.run_script_again(next.sql);
    }
    catch (outage const&)
    {
        throw;
    }
    catch (std::exception const& failed)
    {
        run.refuse("{} failed: {}", file, failed.what());
    }
    fail_here("db.migrated", run.where);
    alone(run.on, done_sql, next.name, checksum, run.now, series, next.number);
    log_info("db_migrated", {{"database", run.where}, {"migration", file}});
}

}  // namespace

int migrate_among_others(engine::connection& on, engine::source& from, std::string_view where,
                         std::span<migration_series const> all, timestamp now)
{
    migrator const run{on, where, now};
    if (nothing_missing(run, all))
        return 0;

    lease const held(on, from, where);
    on.run_script(record_table);
    int count = 0;
    for (migration_series const& series : all)
    {
        std::vector<migration> const known = run.known(series);
        std::vector<applied_migration> const applied = applied_of(on, series.name);
        run.check(series.name, known, applied);
        for (std::size_t at = applied.size(); at < known.size(); ++at, ++count)
        {
            if (held.is_lost())
                throw outage(fmt::format("database {}: the right to change its schema was lost to "
                                         "another process; start again",
                                         where));
            apply(run, series.name, known[at]);
        }
    }
    if (std::string const complaint = on.complaint(); !complaint.empty())
        run.refuse("{}", complaint);
    return count;
}

}  // namespace mc
