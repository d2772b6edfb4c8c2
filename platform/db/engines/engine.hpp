#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "platform/core/time.hpp"
#include "platform/db/migration.hpp"
#include "platform/db/statement.hpp"

// The seam between the platform and a database engine. Services never see it: they have `snapshot`
// and `transaction`. An engine maps its own failures to the exceptions of platform/db/errors.hpp
// and to `outage`.
namespace mc::engine
{

// One value on its way in or out. Text and blobs are views: of the caller's arguments until the
// statement ends, of the engine's row until the next step.
struct cell
{
    enum class type : std::uint8_t
    {
        null,
        integer,
        text,
        blob,
        real  // Only read, never bound: no column of ours is one, but an aggregate may be.
    };

    type kind = type::null;
    std::int64_t integer = 0;
    std::string_view bytes = {};
    double real = 0;

    static cell of(std::int64_t number) noexcept { return {type::integer, number, {}, 0}; }
    static cell of_real(double number) noexcept { return {type::real, 0, {}, number}; }
    static cell of_text(std::string_view utf8) noexcept { return {type::text, 0, utf8, 0}; }
    static cell of_blob(std::string_view raw) noexcept { return {type::blob, 0, raw, 0}; }
};

enum class step
{
    row,
    done,
    refused_unique  // The statement alone was undone; the transaction stands. See why().
};

// A statement prepared on one connection. start → next… → reset; one run at a time.
class prepared
{
public:
    virtual ~prepared() = default;

    // Binds every argument. Throws std::logic_error when there are more or fewer than the statement
    // has `?`.
    virtual void start(std::span<cell const> arguments) = 0;
    virtual step next() = 0;
    virtual int columns() const noexcept = 0;
    virtual cell column(int at) const = 0;
    // Ends the run and lets its locks and its snapshot go. May be called at any time.
    virtual void reset() noexcept = 0;

    // Of the finished run; also rows that kept their values.
    virtual std::int64_t rows_matched() const noexcept = 0;
    // Of the finished INSERT.
    virtual std::int64_t inserted_id() const noexcept = 0;
    // The engine's words after refused_unique.
    virtual std::string_view why() const noexcept = 0;
    // The statement's, for messages.
    virtual std::string_view name() const noexcept = 0;
};

// A connection is used by one thread at a time.
class connection
{
public:
    virtual ~connection() = default;

    // Once per statement; lives as long as the connection.
    virtual prepared& prepare(statement const& wanted) = 0;
    // Which migrations are for it.
    virtual sql_dialect speaks() const noexcept { return sql_dialect::sqlite; }
    // Any number of statements (MySQL: one), no results: migrations.
    virtual void run_script(std::string_view sql) = 0;
    // The same once more, after a process that ended while it ran it: what is there already is
    // fine. Only where changes of the schema are no part of a transaction.
    virtual void run_script_again(std::string_view sql) { run_script(sql); }
    // What breaks a rule of ours in the schema or its rows, in a sentence; empty when nothing does.
    virtual std::string complaint() = 0;

    virtual void begin_write() = 0;
    virtual void begin_read() = 0;
    virtual void commit() = 0;  // Throws `outage` when it failed; then the outcome is unknown.
    virtual void rollback() noexcept = 0;  // Also when no transaction is open.
    // Whether the transaction is still there: a full disk or an I/O error may have ended it under
    // an action.
    virtual bool in_transaction() const noexcept = 0;
    // Of a transaction that was ended under its action or at its COMMIT: nothing of it is stored,
    // and it may succeed when it is done once more. It met another one (a deadlock, a lock waited
    // for too long, a failed certification) or its connection was cut before COMMIT.
    virtual bool may_run_again() const noexcept { return false; }

    // `level` 0 is the action's own, 1 a step inside it (see `savepoint` in transaction.hpp).
    virtual void savepoint(int level) = 0;
    virtual void release(int level) = 0;
    virtual void rollback_to(int level) = 0;  // The savepoint is gone afterwards.

    // Statements that go on past `latest` are ended with an `outage`. steady_time::max() takes the
    // limit away.
    virtual void limit_until(steady_time latest) noexcept = 0;

    // Housekeeping of the writer between two transactions, and as the last thing of all. SQLite
    // checkpoints.
    virtual bool tidy_is_due() const noexcept { return false; }
    virtual void tidy() = 0;
    virtual void tidy_for_close() noexcept = 0;
};

enum class purpose
{
    write,
    read,
    look_up,  // Each statement may see a state of its own: nothing need be begun or ended.
    migrate
};

// How many threads may write at once, and how many actions share one COMMIT. SQLite has 1 writer
// and groups; a server engine has many writers, each of which runs one action in one transaction.
struct shape
{
    int writers = 1;
    int group_actions_max = 1;
    // Whether a read is quick enough to run on an I/O thread (SQLite), or has a connection thread
    // of its own.
    enum class reads
    {
        inline_on_io,
        on_reader_threads
    } point_reads = reads::inline_on_io;
    int readers = 0;          // Reader threads; 0: as many as database_limits say.
    int look_up_readers = 0;  // Others, for look-ups; where point reads have threads.
    // Whether other processes write to the same database.
    enum class company
    {
        alone,
        shared
    } kept_by = company::alone;
};

// Where connections come from: one engine, pointed at one database.
class source
{
public:
    virtual ~source() = default;
    virtual shape how() const noexcept = 0;
    // Throws `outage`. Thread-safe.
    virtual std::unique_ptr<connection> connect(purpose what_for) = 0;
};

}  // namespace mc::engine
