#include <array>
#include <chrono>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/mysql/handles.hpp"
#include "platform/db/engines/mysql/tidb.hpp"
#include "platform/observe/log.hpp"

namespace mc::mysql
{

namespace
{

constexpr milliseconds pause_after_silence{1'000};
constexpr std::array<std::string_view, 2> savepoint_words = {"SAVEPOINT action", "SAVEPOINT step"};
constexpr std::array<std::string_view, 2> rollback_to_words = {"ROLLBACK TO SAVEPOINT action",
                                                               "ROLLBACK TO SAVEPOINT step"};

}  // namespace

connection::connection(mysql_options const& options, engine::purpose what_for,
                       server_facts& learned)
    : options_(options), what_for_(what_for), learned_(learned)
{
    connect();
}

connection::~connection() { disconnect(); }

void connection::connect()
{
    steady_time const began = std::chrono::steady_clock::now();
    if (began < learned_.connects_not_before.load())
        throw outage(fmt::format("database {}: nobody answered a moment ago", database()));
    try
    {
        session_ = std::make_unique<session>(options_, what_for_, learned_);
        since_ = began;
        learned_.connected_at = std::chrono::steady_clock::now();
        learned_.connects_not_before = steady_time::min();
    }
    catch (outage const&)
    {
        // Those who queue behind this one are not to wait as long, one after the other. Who began
        // before another one succeeded, or failed, has nothing to add.
        steady_time const now = std::chrono::steady_clock::now();
        bool const is_news =
            learned_.connected_at.load() < began && learned_.connects_not_before.load() <= began;
        if (is_news && now - began >= options_.connect_time_max / 2)
            learned_.connects_not_before = now + pause_after_silence;
        throw;
    }
}

void connection::disconnect() noexcept
{
    for (auto const& [sql, known] : statements_)
        known->forget();
    session_.reset();
}

prepared& connection::prepare(statement const& wanted)
{
    std::unique_ptr<prepared>& known = statements_[wanted.sql.data()];
    if (!known)
        known = std::make_unique<prepared>(*this, wanted);
    return *known;
}

void connection::expect_transaction() const
{
    if (ended_)
        throw outage(fmt::format("database {}: the transaction was ended by an earlier failure",
                                 database()));
}

void connection::expect_time() const
{
    if (latest_ != steady_time::max() && std::chrono::steady_clock::now() > latest_)
        throw outage(fmt::format("database {}: took too long", database()));
}

// The first statement begins it, at the server; see make_mysql_engine.
void connection::begin()
{
    begun_ = true;
    used_ = changed_ = ended_ = may_run_again_ = false;
    if (session_ && since_ < learned_.fell_silent_at.load())
        disconnect();
    if (!session_)
        connect();
}

bool connection::exchange(prepared& of, unsigned (prepared::*what)())
{
    expect_transaction();
    steady_time const began = std::chrono::steady_clock::now();
    bool const is_new = !session_;
    if (is_new)
        connect();
    unsigned code = session_->settle();
    if (code == 0)
        code = (of.*what)();
    // Idle connections are cut by servers, proxies and firewalls. Nothing was said, so nothing is
    // lost with it; but a statement that was cut off by our own time limit is not sent twice.
    if (code != 0 && failure_of(code) == failure::lost && !used_ && !is_new && was_in_time(began))
    {
        log_info("db_reconnects", {{"database", database()}, {"why", session_->words()}});
        disconnect();
        connect();
        code = (of.*what)();
    }
    if (what == &prepared::execute)
    {
        used_ = true;
        changed_ = changed_ || of.changes();
    }
    if (code == 0)
        return true;
    if (failure_of(code) == failure::unique)
        return false;
    fail(code, of.words(), of.name(), began);
}

// Else it was our own time limit that cut it off, which is news for all connections.
bool connection::was_in_time(steady_time began)
{
    steady_time const now = std::chrono::steady_clock::now();
    if (now - began < options_.answer_time_max)
        return true;
    learned_.fell_silent_at = now;
    return false;
}

void connection::fail(unsigned code, std::string const& words, std::string_view doing,
                      steady_time began)
{
    failure const what = failure_of(code);
    bool const in_time = was_in_time(began);
    if (what == failure::contended || what == failure::lost)
    {
        may_run_again_ = begun_ && in_time;
        ended_ = begun_;
    }
    std::string const sentence = fmt::format("database {}, {}: {}", database(), doing, words);
    if (what == failure::lost)
        disconnect();
    throw_failure(what, sentence);
}

void connection::run_text(std::string_view sql, std::string_view doing)
{
    expect_transaction();
    steady_time const began = std::chrono::steady_clock::now();
    if (!session_)
        connect();
    if (unsigned const code = session_->run(sql); code != 0)
        fail(code, session_->words(), doing, began);
}

std::vector<std::string> connection::in_its_words(std::string_view change)
{
    expect_transaction();
    if (!session_)
        connect();
    return session_->is_tidb() ? for_tidb(change) : std::vector{std::string(change)};
}

void connection::run_script(std::string_view sql)
{
    for (std::string const& each : in_its_words(sql))
        run_text(each, "a script");
    run_text("COMMIT", "a script's COMMIT");
}

void connection::run_script_again(std::string_view sql)
{
    for (std::string const& each : in_its_words(sql))
    {
        unsigned const code = session_->run(each);
        if (code != 0 && !is_done_already(code))
            fail(code, session_->words(), "a script", std::chrono::steady_clock::now());
    }
    run_text("COMMIT", "a script's COMMIT");
}

void connection::commit()
{
    expect_transaction();
    begun_ = false;
    if (!used_ || what_for_ == engine::purpose::look_up)
        return;
    if (!changed_)
    {
        // Nobody waits for the end of a snapshot; should the connection be lost, so is nothing.
        if (session_->send("COMMIT") != 0)
            disconnect();
        return;
    }
    steady_time const began = std::chrono::steady_clock::now();
    unsigned const code = session_->run("COMMIT");
    if (code == 0)
        return;
    static_cast<void>(was_in_time(began));
    std::string const why = fmt::format("database {}, COMMIT: {}", database(), session_->words());
    if (failure_of(code) == failure::contended)
    {
        may_run_again_ = true;
        throw outage(why);
    }
    disconnect();  // Whatever it holds ends with it.
    throw outage(why + "; whether it is stored is unknown");
}

void connection::rollback() noexcept
{
    // Nobody waits for it either: the server does it before anything that is said later.
    bool const is_open = used_ && session_ && what_for_ != engine::purpose::look_up;
    if (is_open && session_->send("ROLLBACK") != 0)
        disconnect();
    begun_ = used_ = changed_ = ended_ = false;
}

// Before the first statement there is nothing to go back to but the beginning.
void connection::savepoint(int level)
{
    std::size_t const at = static_cast<std::size_t>(level);
    at_start_[at] = !used_;
    if (used_)
        run_text(savepoint_words[at], "savepoint");
    else
        expect_transaction();
}

// The next one of the name takes its place.
void connection::release(int) { expect_transaction(); }

void connection::rollback_to(int level)
{
    std::size_t const at = static_cast<std::size_t>(level);
    if (!at_start_[at])
        return run_text(rollback_to_words[at], "rollback to");
    expect_transaction();
    if (used_)
        run_text("ROLLBACK", "rollback to");
    used_ = changed_ = false;
}

}  // namespace mc::mysql
