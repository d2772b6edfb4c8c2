#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include <sqlite3.h>

#include <fmt/format.h>

#include "bench/machine.hpp"

namespace mc::bench
{

namespace
{

constexpr unsigned group_size = 64;

void check(sqlite3* db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE)
        throw std::runtime_error(fmt::format("SQLite: {}", sqlite3_errmsg(db)));
}

class raw_database
{
public:
    explicit raw_database(std::filesystem::path path) : path_(std::move(path))
    {
        check(db_, sqlite3_open(path_.c_str(), &db_));
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = FULL");
        run("CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, "
            "status TEXT NOT NULL,"
            " total INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT");
        run("CREATE TABLE order_items (id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT "
            "NULL, name TEXT NOT NULL,"
            " quantity INTEGER NOT NULL, price INTEGER NOT NULL) STRICT");
        run("CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, key "
            "TEXT NOT NULL,"
            " payload TEXT NOT NULL) STRICT");
    }
    raw_database(raw_database const&) = delete;
    ~raw_database()
    {
        for (sqlite3_stmt* each : prepared_)
            sqlite3_finalize(each);
        sqlite3_close(db_);
        for (char const* ending : {"", "-wal", "-shm"})
            std::filesystem::remove(path_.string() + ending);
    }

    void run(char const* sql) { check(db_, sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }

    sqlite3_stmt* prepare(char const* sql)
    {
        sqlite3_stmt* made = nullptr;
        check(db_, sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
        prepared_.push_back(made);
        return made;
    }

    void step(sqlite3_stmt* statement)
    {
        int const code = sqlite3_step(statement);
        sqlite3_reset(statement);
        check(db_, code);
    }

    std::int64_t last_id() const { return sqlite3_last_insert_rowid(db_); }

private:
    std::filesystem::path path_;
    sqlite3* db_ = nullptr;
    std::vector<sqlite3_stmt*> prepared_;
};

// An order, its line and its event: the rows that placing an order inserts, with texts as long as
// the shop's.
class order_writer
{
public:
    explicit order_writer(raw_database& db) : db_(db) {}

    // Transactions a second when `group` of them share a commit.
    double measure(double seconds, unsigned group)
    {
        using clock = std::chrono::steady_clock;
        clock::time_point const start = clock::now();
        std::uint64_t count = 0;
        double taken = 0;
        while (taken < seconds)
        {
            db_.step(begin_);
            for (unsigned i = 0; i < group; ++i)
            {
                db_.step(savepoint_);
                insert(static_cast<std::int64_t>(count + i));
                db_.step(release_);
            }
            db_.step(commit_);
            count += group;
            taken = std::chrono::duration<double>(clock::now() - start).count();
        }
        return static_cast<double>(count) / taken;
    }

private:
    void insert(std::int64_t user)
    {
        sqlite3_bind_int64(order_, 1, user);
        db_.step(order_);
        sqlite3_bind_int64(item_, 1, db_.last_id());
        db_.step(item_);
        sqlite3_bind_int64(event_, 1, user);
        db_.step(event_);
    }

    raw_database& db_;
    sqlite3_stmt* begin_ = db_.prepare("BEGIN IMMEDIATE");
    sqlite3_stmt* commit_ = db_.prepare("COMMIT");
    sqlite3_stmt* savepoint_ = db_.prepare("SAVEPOINT action");
    sqlite3_stmt* release_ = db_.prepare("RELEASE action");
    sqlite3_stmt* order_ = db_.prepare("INSERT INTO orders (user_id, status, total, created_at) "
                                       "VALUES (?, 'pending', 1999, 1700000000000)");
    sqlite3_stmt* item_ =
        db_.prepare("INSERT INTO order_items (order_id, name, quantity, price) VALUES (?, 'A "
                    "product with a name of middling length', 1, 1999)");
    sqlite3_stmt* event_ = db_.prepare("INSERT INTO outbox (topic, key, payload) VALUES "
                                       "('order-events', ?, printf('{\"data\":\"%0400d\"}', 0))");
};

}  // namespace

std::string measure_sqlite(std::filesystem::path const& folder, double seconds)
{
    raw_database db(folder / "bench-raw.db");
    order_writer writer(db);
    double const alone = writer.measure(seconds, 1);
    double const grouped = writer.measure(seconds, group_size);
    return fmt::format(R"({{"group_of_1_per_second":{:.0f},"group_of_{}_per_second":{:.0f}}})",
                       alone, group_size, grouped);
}

}  // namespace mc::bench
