#pragma once

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "platform/core/error.hpp"
#include "platform/db/database.hpp"
#include "platform/db/engines/sqlite/sqlite_engine.hpp"
#include "platform/db/tests/faults.hpp"
#include "platform/json/describe.hpp"
#include "platform/testing/mysql_place.hpp"

// A small bank: accounts with a balance, and a ledger that refers to them. All names of the tests'
// own live in mc::bank.
namespace mc::bank
{

struct account;  // The tag of an account's id.

struct account_row
{
    id_of<account> id;
    std::string owner;
    std::int64_t balance;
};
MC_DESCRIBE(account_row, id, owner, balance)

inline constexpr migration schema[] = {{1, "bank", R"(
    CREATE TABLE accounts_of_bank (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        owner   TEXT    NOT NULL UNIQUE,
        balance INTEGER NOT NULL CHECK (balance >= 0)
    ) STRICT;
    CREATE TABLE ledger (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id INTEGER NOT NULL REFERENCES accounts_of_bank (id),
        amount     INTEGER NOT NULL,
        note       BLOB
    ) STRICT;
)"},
                                       {1, "accounts", R"(
    CREATE TABLE accounts_of_bank (
        id      BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
        owner   VARCHAR(200) NOT NULL UNIQUE,
        balance BIGINT       NOT NULL CHECK (balance >= 0)
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
)",
                                        sql_dialect::mysql},
                                       {2, "ledger", R"(
    CREATE TABLE ledger (
        id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
        account_id BIGINT NOT NULL,
        amount     BIGINT NOT NULL,
        note       MEDIUMBLOB,
        FOREIGN KEY (account_id) REFERENCES accounts_of_bank (id)
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
)",
                                        sql_dialect::mysql}};

inline constexpr statement add_sql{"bank.add",
                                   "INSERT INTO accounts_of_bank (owner, balance) VALUES (?, ?)"};
inline constexpr statement find_sql{
    "bank.find", "SELECT id, owner, balance FROM accounts_of_bank WHERE owner = ?"};
inline constexpr statement all_sql{
    "bank.all", "SELECT id, owner, balance FROM accounts_of_bank ORDER BY id LIMIT 1000"};
inline constexpr statement count_sql{"bank.count", "SELECT count(*) FROM accounts_of_bank"};
inline constexpr statement set_sql{"bank.set",
                                   "UPDATE accounts_of_bank SET balance = ? WHERE owner = ?"};
inline constexpr statement swap_sql{
    "bank.swap", "UPDATE accounts_of_bank SET balance = ? WHERE owner = ? AND balance = ?"};
inline constexpr statement note_sql{
    "bank.note", "INSERT INTO ledger (account_id, amount, note) VALUES (?, ?, ?)"};
inline constexpr statement ledger_sql{"bank.ledger", "SELECT count(*) FROM ledger"};

inline error refused(std::string why)
{
    return {error_kind::conflict, "bank.refused", std::move(why)};
}

inline result<id_of<account>> open_account(transaction& tx, std::string_view owner,
                                           std::int64_t balance)
{
    return id_of<account>{tx.insert(add_sql, owner, balance)};
}

inline result<> open_then_refuse(transaction& tx, std::string_view owner)
{
    tx.insert(add_sql, owner, 1);
    return refused("second thoughts");
}

inline result<> open_then_throw(transaction& tx, std::string_view owner)
{
    tx.insert(add_sql, owner, 1);
    throw std::runtime_error("a bug");
}

inline std::optional<account_row> find(snapshot& in, std::string_view owner)
{
    return in.find<account_row>(find_sql, owner);
}

inline std::int64_t count(snapshot& in) { return in.number(count_sql).value_or(0); }

inline std::int64_t ledger_entries(snapshot& in) { return in.number(ledger_sql).value_or(0); }

}  // namespace mc::bank

namespace mc::testing_db
{

template <class T>
bool ok(result<T> const& of)
{
    return of.has_value();
}

// A folder of its own for each test, gone with it.
class temporary_folder
{
public:
    temporary_folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "mc-db-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;

    std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

// What the contract suite needs of an engine: an empty place to put a database in, and connections
// to it.
struct sqlite_for_tests
{
    static constexpr bool has_groups = true;
    // Counts to its argument, which may take for ever.
    static constexpr statement count_up{"test.count_up", R"(
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT count(*) FROM n
    )"};

    temporary_folder folder;

    std::filesystem::path file() const { return folder.path() / "bank.db"; }
    std::unique_ptr<engine::source> connections(database_limits const& limits,
                                                int page_count_max = 0) const
    {
        return make_sqlite_engine({.file = file(),
                                   .name = "bank",
                                   .group_actions_max = limits.group_actions_max,
                                   .busy_wait_max = limits.busy_wait_max,
                                   .checkpoint_pages = limits.checkpoint_pages,
                                   .page_count_max = page_count_max});
    }
};

// One writer, so that what waits behind an action waits; others for races.
struct mysql_for_tests
{
    static constexpr bool has_groups = false;
    static constexpr statement count_up{"test.count_up", R"(
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < LEAST(?, 300))
        SELECT MAX(a.i) FROM n a, n b, n c, n d WHERE a.i + b.i + c.i + d.i > 0
    )"};

    testing::mysql_place place;
    int pool_size = 2;

    std::filesystem::path file() const { return {}; }
    std::unique_ptr<engine::source> connections(database_limits const& limits, int = 0) const
    {
        mysql_options options = place.options();
        options.name = "bank";
        options.pool_size = pool_size;
        options.lock_wait_max = milliseconds(1'000);
        options.read_time_max = limits.long_read_time_max;
        return make_mysql_engine(options);
    }
};

struct many_mysql_for_tests : mysql_for_tests
{
    many_mysql_for_tests() { pool_size = 16; }
};

// What a coroutine came to: its answer, or what it threw.
template <class T>
struct ended
{
    std::optional<T> answer;
    std::exception_ptr thrown;

    bool is_outage() const
    {
        try
        {
            if (thrown)
                std::rethrow_exception(thrown);
        }
        catch (outage const&)
        {
            return true;
        }
        catch (...)
        {}
        return false;
    }
};

// Starts a coroutine; `into` is filled when it ends. `into` must outlive the io_context's run.
template <class T>
void start(boost::asio::io_context& on, awaitable<T> what, ended<T>& into)
{
    boost::asio::co_spawn(on, std::move(what),
                          [&into](std::exception_ptr thrown, T answer)
                          {
                              into.thrown = thrown;
                              if (!thrown)
                                  into.answer.emplace(std::move(answer));
                          });
}

// An open database of the bank on an engine, with faults at hand.
template <class Engine>
class bank_on
{
public:
    explicit bank_on(database_limits limits = {}, int page_count_max = 0) : limits_(limits)
    {
        open(page_count_max);
    }

    database& operator*() noexcept { return *db_; }
    database* operator->() noexcept { return db_.get(); }
    faults& wrong() noexcept { return faults_; }
    fake_clock& time() noexcept { return time_; }
    Engine& place() noexcept { return place_; }
    boost::asio::io_context& io() noexcept { return io_; }

    // Runs a coroutine to its end.
    template <class T>
    ended<T> run(awaitable<T> what)
    {
        ended<T> into;
        start(io_, std::move(what), into);
        run_started();
        return into;
    }
    void run_started()
    {
        io_.run();
        io_.restart();
    }

    std::int64_t count() { return db_->read_now(bank::count); }
    bool has(std::string owner) { return db_->read_now(bank::find, std::move(owner)).has_value(); }
    void reopen()
    {
        db_.reset();
        open(0);
    }

private:
    void open(int page_count_max)
    {
        db_ = database::open_on(with_faults(place_.connections(limits_, page_count_max), faults_),
                                {.name = "bank",
                                 .producer = "bank-service",
                                 .file = place_.file(),
                                 .migrations = bank::schema,
                                 .now = time_,
                                 .limits = limits_});
    }

    Engine place_;
    boost::asio::io_context io_;  // Ends after the database, as it must: see database::close.
    database_limits limits_;
    fake_clock time_{from_epoch_ms(1'771'156'800'000)};
    faults faults_;
    std::unique_ptr<database> db_;
};

// Holds the writer inside an action until it is let go, so that what comes meanwhile must wait in
// the queue.
class writer_hold
{
public:
    explicit writer_hold(database& db) : holder_([this, &db] { hold(db); }) { inside_.wait(false); }
    ~writer_hold() noexcept(false)
    {
        if (holder_.joinable())
            let_go();
    }
    writer_hold(writer_hold const&) = delete;
    writer_hold& operator=(writer_hold const&) = delete;

    // Throws what the holding action came to.
    void let_go()
    {
        go_on_ = true;
        go_on_.notify_all();
        holder_.join();
        if (thrown_)
            std::rethrow_exception(thrown_);
    }

private:
    void hold(database& db)
    {
        try
        {
            static_cast<void>(db.write_now(&writer_hold::wait, std::ref(*this)));
        }
        catch (...)
        {
            thrown_ = std::current_exception();
        }
    }
    static result<> wait(transaction&, writer_hold& of)
    {
        of.inside_ = true;
        of.inside_.notify_all();
        of.go_on_.wait(false);
        return {};
    }

    std::atomic<bool> inside_ = false;
    std::atomic<bool> go_on_ = false;
    std::exception_ptr thrown_;
    std::thread holder_;
};

}  // namespace mc::testing_db
