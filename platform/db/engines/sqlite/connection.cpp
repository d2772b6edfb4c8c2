#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/sqlite/handles.hpp"
#include "platform/observe/log.hpp"

namespace mc::sqlite
{

namespace
{

constexpr int writer_cache_kib = 16'384;
constexpr int reader_cache_kib = 4'096;
// A WAL that once grew past it is cut when it starts anew.
constexpr int journal_bytes_max = 64 * 1024 * 1024;
// Instructions of SQLite's machine: some tens of microseconds.
constexpr int steps_between_clock_looks = 1'000;

constexpr statement journal_mode_sql{"journal mode", "PRAGMA journal_mode=WAL"};
constexpr statement begin_write_sql{"begin", "BEGIN IMMEDIATE"};
constexpr statement begin_read_sql{"begin", "BEGIN DEFERRED"};
constexpr statement commit_sql{"commit", "COMMIT"};
constexpr statement rollback_sql{"rollback", "ROLLBACK"};
constexpr statement savepoint_sql[] = {{"savepoint", "SAVEPOINT action"},
                                       {"savepoint", "SAVEPOINT step"}};
constexpr statement release_sql[] = {{"release", "RELEASE action"}, {"release", "RELEASE step"}};
constexpr statement rollback_to_sql[] = {{"rollback to", "ROLLBACK TO action"},
                                         {"rollback to", "ROLLBACK TO step"}};

// Nobody but the service's own user may read it; SQLite gives the WAL the file's mode. Only for a
// new file: closing a second descriptor of a file in use would drop this process's locks on it
// (POSIX, fcntl).
void make_private_file(std::filesystem::path const& file)
{
    int const made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (made >= 0)
        ::close(made);
}

}  // namespace

connection::connection(sqlite_options const& options, engine::purpose what_for)
    : name_(options.name),
      checkpoint_pages_(options.checkpoint_pages),
      checkpoint_at_(options.checkpoint_pages)
{
    try
    {
        open(options, what_for);
        configure(options, what_for);
    }
    catch (...)
    {
        statements_.clear();
        sqlite3_close_v2(handle_);
        throw;
    }
}

connection::~connection()
{
    statements_.clear();
    sqlite3_close_v2(handle_);
}

void connection::open(sqlite_options const& options, engine::purpose what_for)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (what_for != engine::purpose::read)
    {
        make_private_file(options.file);
        flags |= SQLITE_OPEN_CREATE;
    }
    int const code = sqlite3_open_v2(options.file.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK)
        throw_failure(handle_, code, name_, fmt::format("opening {}", options.file.string()));
}

void connection::configure(sqlite_options const& options, engine::purpose what_for)
{
    sqlite3_busy_timeout(handle_, static_cast<int>(options.busy_wait_max.count()));
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // "word" is then a column's name only, so that a misspelt column is an error and not a text.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);

    if (what_for == engine::purpose::migrate)
        switch_to_wal(options);
    run_script("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0;"
               "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF");
    run_script(
        fmt::format("PRAGMA journal_size_limit={}; PRAGMA cache_size=-{}", journal_bytes_max,
                    what_for == engine::purpose::read ? reader_cache_kib : writer_cache_kib));
    switch (what_for)
    {
    case engine::purpose::write:
        // What is erased is overwritten: passwords, mailed codes, names of deleted accounts.
        run_script("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON");
        sqlite3_wal_hook(handle_, &connection::committed, this);
        break;
    case engine::purpose::read:
    case engine::purpose::look_up:
        run_script("PRAGMA query_only=ON");
        sqlite3_progress_handler(handle_, steps_between_clock_looks, &connection::over_time, this);
        break;
    case engine::purpose::migrate:
        run_script("PRAGMA foreign_keys=OFF");  // A table may be rebuilt; migrate() checks all keys
                                                // at its end.
        break;
    }
    if (options.page_count_max > 0)
        run_script(fmt::format("PRAGMA max_page_count={}", options.page_count_max));
}

// The file remembers it. Where shared memory is impossible (some network file systems) SQLite
// answers with another mode.
void connection::switch_to_wal(sqlite_options const& options)
{
    prepared& asked = prepare(journal_mode_sql);
    asked.start({});
    bool const is_wal = asked.next() == engine::step::row && asked.column(0).bytes == "wal";
    asked.reset();
    if (!is_wal)
        throw outage(fmt::format(
            "database {}: {} cannot use a write-ahead log; put the data folder on a local disk",
            name_, options.file.string()));
}

int connection::over_time(void* self)
{
    connection const& on = *static_cast<connection*>(self);
    return on.latest_ != steady_time::max() && std::chrono::steady_clock::now() > on.latest_ ? 1
                                                                                             : 0;
}

int connection::committed(void* self, sqlite3*, char const*, int wal_pages)
{
    connection& on = *static_cast<connection*>(self);
    if (wal_pages < on.wal_pages_)
        on.checkpoint_at_ = on.checkpoint_pages_;  // The WAL began anew.
    on.wal_pages_ = wal_pages;
    return SQLITE_OK;
}

void connection::expect_transaction() const
{
    if (begun_ && sqlite3_get_autocommit(handle_) != 0)
        throw outage(
            fmt::format("database {}: the transaction was ended by an earlier failure", name_));
}

void connection::expect_time() const
{
    if (latest_ != steady_time::max() && std::chrono::steady_clock::now() > latest_)
        throw outage(fmt::format("database {}: took too long", name_));
}

prepared& connection::prepare(statement const& wanted)
{
    std::unique_ptr<prepared>& known = statements_[wanted.sql.data()];
    if (!known)
        known = std::make_unique<prepared>(*this, wanted);
    return *known;
}

void connection::run_script(std::string_view sql)
{
    char const* at = sql.data();
    char const* const end = sql.data() + sql.size();
    while (at != end)
    {
        sqlite3_stmt* one = nullptr;
        int code = sqlite3_prepare_v2(handle_, at, static_cast<int>(end - at), &one, &at);
        if (code == SQLITE_OK && one == nullptr)
            continue;  // Only blanks or a comment up to `at`.
        while (code == SQLITE_OK || code == SQLITE_ROW)
            code = sqlite3_step(one);
        if (code == SQLITE_DONE)
        {
            sqlite3_finalize(one);
            continue;
        }
        sqlite3_finalize(one);  // Leaves the failure's message standing.
        throw_failure(handle_, code, name_, "a script");
    }
}

void connection::begin(statement const& how)
{
    prepare(how).run_to_end();
    begun_ = true;
}

void connection::begin_write() { begin(begin_write_sql); }

void connection::begin_read() { begin(begin_read_sql); }

void connection::commit()
{
    expect_transaction();
    try
    {
        prepare(commit_sql).run_to_end();
    }
    catch (std::exception const& failed)
    {
        throw outage(fmt::format("{}; whether it is stored is unknown", failed.what()));
    }
    begun_ = false;
}

void connection::rollback() noexcept
{
    begun_ = false;
    if (!in_transaction())
        return;
    try
    {
        prepare(rollback_sql).run_to_end();
    }
    catch (std::exception const& failed)
    {
        log_error("db_rollback_failed", {{"database", name_}, {"why", failed.what()}});
    }
}

bool connection::in_transaction() const noexcept { return sqlite3_get_autocommit(handle_) == 0; }

void connection::savepoint(int level) { prepare(savepoint_sql[level]).run_to_end(); }

void connection::release(int level) { prepare(release_sql[level]).run_to_end(); }

void connection::rollback_to(int level)
{
    prepare(rollback_to_sql[level]).run_to_end();
    prepare(release_sql[level]).run_to_end();
}

// PASSIVE waits for nobody: what a reader still needs stays for the next time. Until the WAL begins
// anew, or has grown by as much again, there is nothing to gain from another try.
bool connection::tidy_is_due() const noexcept { return wal_pages_ >= checkpoint_at_; }

void connection::tidy()
{
    checkpoint_at_ = wal_pages_ + checkpoint_pages_;
    int const code =
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        log_error("db_checkpoint_failed", {{"database", name_}, {"why", sqlite3_errmsg(handle_)}});
}

void connection::tidy_for_close() noexcept
{
    int const code =
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK)
        log_warning("db_checkpoint_at_close_failed",
                    {{"database", name_}, {"why", sqlite3_errmsg(handle_)}});
}

}  // namespace mc::sqlite
