#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/engines/mysql/failures.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"

struct st_mysql;
struct st_mysql_stmt;

// libmariadb's handles as the engine's connection and statements; for the .cpp files of this folder
// only.
namespace mc::mysql
{

// What the connections of one database learn about their server, so that not each has to find out
// for itself.
struct server_facts
{
    // Whether it knows wsrep_sync_wait, as MariaDB and Galera do.
    std::atomic<bool> knows_sync_wait = true;
    // When one of them last waited in vain for an answer. Those from before may be as dead: whoever
    // fails over or forgets a connection tells nobody.
    std::atomic<steady_time> fell_silent_at = steady_time::min();
    // Nobody tries to connect earlier: somebody just waited for that in vain, and nobody who began
    // later succeeded.
    std::atomic<steady_time> connects_not_before = steady_time::min();
    std::atomic<steady_time> connected_at = steady_time::min();  // When one last did.
};

// One connection to the server while it lasts: text statements, sent with or without waiting for
// the answer. Every function gives the server's or the library's error number, 0 for none; `words`
// then says it in words.
class session
{
public:
    // Throws `outage`.
    session(mysql_options const& options, engine::purpose what_for, server_facts& learned);
    ~session();
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    unsigned run(std::string_view sql);
    // Sends it and leaves its answer to be read before the next exchange. For what nobody waits
    // for: ROLLBACK, and COMMIT of what only read.
    unsigned send(std::string_view sql);
    unsigned settle();  // Reads that answer.

    std::string words() const;
    bool is_tidb() const;
    st_mysql* handle() const noexcept { return handle_; }

private:
    void connect(mysql_options const& options);
    void expect_tls(mysql_options const& options) const;
    void set_up(mysql_options const& options, engine::purpose what_for, server_facts& learned);
    unsigned failure() const;

    st_mysql* handle_;
    bool answer_due_ = false;
};

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
    std::string_view why() const noexcept override { return words_; }
    std::string_view name() const noexcept override { return name_; }

    // One exchange each with the session that the connection has now; an error number. `words` says
    // it in words.
    unsigned prepare_once();
    unsigned execute();
    std::string const& words() const noexcept { return words_; }
    bool changes() const noexcept { return columns_ == 0; }

    void forget() noexcept;  // The session is about to end, and the statement at the server with
                             // it.

private:
    struct buffers;

    unsigned failure();
    void make_room();
    engine::step fetch();

    connection* of_;
    st_mysql_stmt* handle_ = nullptr;
    std::string_view name_;
    std::string_view sql_;
    int columns_ = 0;
    std::unique_ptr<buffers> data_;
    bool executed_ = false;
    std::int64_t rows_matched_ = 0;
    std::int64_t inserted_id_ = 0;
    std::string words_;
};

class connection final : public engine::connection
{
public:
    connection(mysql_options const& options, engine::purpose what_for, server_facts& learned);
    ~connection() override;
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    prepared& prepare(statement const& wanted) override;
    sql_dialect speaks() const noexcept override { return sql_dialect::mysql; }
    void run_script(std::string_view sql) override;
    void run_script_again(std::string_view sql) override;
    std::string complaint() override;
    void begin_write() override { begin(); }
    void begin_read() override { begin(); }
    void commit() override;
    void rollback() noexcept override;
    bool in_transaction() const noexcept override { return begun_ && !ended_; }
    bool may_run_again() const noexcept override { return may_run_again_; }
    void savepoint(int level) override;
    void release(int level) override;
    void rollback_to(int level) override;
    void limit_until(steady_time latest) noexcept override { latest_ = latest; }
    void tidy() override {}
    void tidy_for_close() noexcept override {}

    session& now() noexcept { return *session_; }  // Inside of a statement's exchange.
    std::string const& database() const noexcept { return options_.name; }
    void expect_transaction() const;  // Throws `outage` when a failure ended it.
    void expect_time() const;         // Throws `outage` after limit_until.

    // Runs one exchange of a statement. When the session turns out to be lost and nothing of the
    // transaction was said on it yet, makes a new one and runs it again, once. True when it
    // succeeded, false when a UNIQUE refused it; throws for anything else.
    bool exchange(prepared& of, unsigned (prepared::*what)());

private:
    void begin();
    void connect();
    void disconnect() noexcept;
    void run_text(std::string_view sql, std::string_view doing);
    // A change of the schema, as this server takes it.
    std::vector<std::string> in_its_words(std::string_view change);
    // Of a failed exchange: whether it ended before our own time limit for an answer.
    bool was_in_time(steady_time began);
    // What a failed exchange means for the transaction; throws it.
    [[noreturn]] void fail(unsigned code, std::string const& words, std::string_view doing,
                           steady_time began);

    mysql_options const& options_;
    engine::purpose what_for_;
    server_facts& learned_;
    std::unique_ptr<session> session_;
    steady_time since_ = steady_time::min();  // When the session began.
    std::unordered_map<char const*, std::unique_ptr<prepared>> statements_;
    steady_time latest_ = steady_time::max();
    bool begun_ = false;
    bool used_ = false;     // The server has been told something of this transaction …
    bool changed_ = false;  // … that changes something.
    bool ended_ = false;    // By a failure; only rollback() is left.
    bool may_run_again_ = false;
    std::array<bool, 2> at_start_ = {};  // Per level: its savepoint was before the first statement.
};

}  // namespace mc::mysql
