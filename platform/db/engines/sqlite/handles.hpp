#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/db/engines/engine.hpp"
#include "platform/db/engines/sqlite/sqlite_engine.hpp"

struct sqlite3;
struct sqlite3_stmt;

// SQLite's handles as the engine's connection and statements; for the .cpp files of this folder
// only.
namespace mc::sqlite
{

// Throws what `code` means: outage, unique_violation, constraint_violation, or std::logic_error for
// a mistake of ours.
[[noreturn]] void throw_failure(sqlite3* on, int code, std::string_view database,
                                std::string_view doing);

class connection;

class prepared final : public engine::prepared
{
public:
    prepared(connection& of, statement const& wanted);
    ~prepared() override;
    prepared(prepared const&) = delete;
    prepared& operator=(prepared const&) = delete;

    void start(std::span<engine::cell const> arguments) override;
    engine::step next() override;
    int columns() const noexcept override { return columns_; }
    engine::cell column(int at) const override;
    void reset() noexcept override;
    std::int64_t rows_matched() const noexcept override { return rows_matched_; }
    std::int64_t inserted_id() const noexcept override { return inserted_id_; }
    std::string_view why() const noexcept override { return why_; }
    std::string_view name() const noexcept override { return name_; }

    void run_to_end();  // Without arguments and rows: BEGIN, SAVEPOINT …

private:
    void bind(int at, engine::cell const& value);

    connection* of_;
    sqlite3_stmt* handle_ = nullptr;
    std::string_view name_;
    int columns_ = 0;
    int parameters_ = 0;
    std::int64_t rows_matched_ = 0;
    std::int64_t inserted_id_ = 0;
    std::string why_;
};

class connection final : public engine::connection
{
public:
    connection(sqlite_options const& options, engine::purpose what_for);
    ~connection() override;
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    prepared& prepare(statement const& wanted) override;
    void run_script(std::string_view sql) override;
    std::string complaint() override;
    void begin_write() override;
    void begin_read() override;
    void commit() override;
    void rollback() noexcept override;
    bool in_transaction() const noexcept override;
    void savepoint(int level) override;
    void release(int level) override;
    void rollback_to(int level) override;
    void limit_until(steady_time latest) noexcept override { latest_ = latest; }
    bool tidy_is_due() const noexcept override;
    void tidy() override;
    void tidy_for_close() noexcept override;

    sqlite3* handle() const noexcept { return handle_; }
    std::string const& database() const noexcept { return name_; }
    void expect_transaction() const;  // Throws `outage` when a failure ended what begin_… began.
    void expect_time() const;         // Throws `outage` after limit_until.

private:
    void open(sqlite_options const& options, engine::purpose what_for);
    void configure(sqlite_options const& options, engine::purpose what_for);
    void switch_to_wal(sqlite_options const& options);
    void begin(statement const& how);
    static int over_time(void* self);
    static int committed(void* self, sqlite3*, char const*, int wal_pages);

    std::string name_;
    sqlite3* handle_ = nullptr;
    std::unordered_map<char const*, std::unique_ptr<prepared>> statements_;
    bool begun_ = false;
    steady_time latest_ = steady_time::max();
    int checkpoint_pages_;
    int checkpoint_at_;
    int wal_pages_ = 0;
};

}  // namespace mc::sqlite
