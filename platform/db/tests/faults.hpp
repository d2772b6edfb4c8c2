#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/engine.hpp"

// An engine between the database and the real one, that goes wrong when told to: the same on every
// engine.
namespace mc::testing_db
{

struct faults
{
    std::atomic<int> failing_commits = 0;  // So many writing COMMITs fail, from now on.
    std::atomic<int> failing_begins = 0;   // So many BEGINs of the writer find the database locked.
    std::atomic<int> failing_savepoints = 0;  // So many savepoints of actions find the disk broken.
    // The writer waits inside COMMIT until this is false again.
    std::atomic<bool> hold_commit = false;
    std::atomic<bool> in_commit = false;  // … and tells that it is there.
};

class faulty_connection final : public engine::connection
{
public:
    faulty_connection(std::unique_ptr<engine::connection> real, faults& wrong,
                      engine::purpose what_for)
        : real_(std::move(real)), wrong_(wrong), writes_(what_for == engine::purpose::write)
    {}

    engine::prepared& prepare(statement const& wanted) override { return real_->prepare(wanted); }
    sql_dialect speaks() const noexcept override { return real_->speaks(); }
    void run_script(std::string_view sql) override { real_->run_script(sql); }
    void run_script_again(std::string_view sql) override { real_->run_script_again(sql); }
    std::string complaint() override { return real_->complaint(); }
    void begin_write() override
    {
        if (writes_ && take(wrong_.failing_begins))
            throw outage("database is locked");
        real_->begin_write();
    }
    void begin_read() override { real_->begin_read(); }
    void commit() override
    {
        if (writes_ && wrong_.hold_commit)
        {
            wrong_.in_commit = true;
            wrong_.in_commit.notify_all();
            wrong_.hold_commit.wait(true);
        }
        if (writes_ && take(wrong_.failing_commits))
            throw outage("disk I/O error in COMMIT");
        real_->commit();
    }
    void rollback() noexcept override { real_->rollback(); }
    bool in_transaction() const noexcept override { return real_->in_transaction(); }
    bool may_run_again() const noexcept override { return real_->may_run_again(); }
    void savepoint(int level) override
    {
        if (writes_ && level == 0 && take(wrong_.failing_savepoints))
            throw outage("disk I/O error in SAVEPOINT");
        real_->savepoint(level);
    }
    void release(int level) override { real_->release(level); }
    void rollback_to(int level) override { real_->rollback_to(level); }
    void limit_until(steady_time latest) noexcept override { real_->limit_until(latest); }
    bool tidy_is_due() const noexcept override { return real_->tidy_is_due(); }
    void tidy() override { real_->tidy(); }
    void tidy_for_close() noexcept override { real_->tidy_for_close(); }

private:
    static bool take(std::atomic<int>& left)
    {
        int seen = left.load();
        while (seen > 0 && !left.compare_exchange_weak(seen, seen - 1))
        {}
        return seen > 0;
    }

    std::unique_ptr<engine::connection> real_;
    faults& wrong_;
    bool writes_;
};

class faulty_source final : public engine::source
{
public:
    faulty_source(std::unique_ptr<engine::source> real, faults& wrong)
        : real_(std::move(real)), wrong_(wrong)
    {}

    engine::shape how() const noexcept override { return real_->how(); }
    std::unique_ptr<engine::connection> connect(engine::purpose what_for) override
    {
        return std::make_unique<faulty_connection>(real_->connect(what_for), wrong_, what_for);
    }

private:
    std::unique_ptr<engine::source> real_;
    faults& wrong_;
};

inline std::unique_ptr<engine::source> with_faults(std::unique_ptr<engine::source> real,
                                                   faults& wrong)
{
    return std::make_unique<faulty_source>(std::move(real), wrong);
}

}  // namespace mc::testing_db
