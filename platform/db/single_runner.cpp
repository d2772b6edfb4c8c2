#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/db/writer.hpp"
#include "platform/observe/log.hpp"

namespace mc::db_detail
{

single_runner::single_runner(write_side& of)
    : of_(of), on_(of.source.connect(engine::purpose::write))
{}

void single_runner::run()
{
    constexpr int one = 1;
    for (job_chain taken; of_.queue.wait(taken, one);)
    {
        batch_kind const kind = taken.first()->kind();
        run_batch(taken);
        if (kind != nullptr)
            of_.queue.ended(kind);
    }
    on_->tidy_for_close();
}

void single_runner::run_batch(job_chain& taken)
{
    std::vector<write_job*> jobs;
    while (write_job* const next = taken.pop())
        if (!refuse_expired(of_, *next))
            jobs.push_back(next);
    if (jobs.size() > 1)
    {
        run_as_one(jobs);
        of_.queue.push_alone(jobs);
        return;
    }
    for (write_job* const one : jobs)
        run_one(*one);
}

// Leaves those that are to be run alone: of them nothing is stored.
void single_runner::run_as_one(std::vector<write_job*>& jobs)
{
    for (write_job* const each : jobs)
    {
        each->failure = nullptr;
        each->latest = outcome::undo;
    }
    bool const outbox_noted = run_all(jobs);
    auto const is_served = [](write_job const* each) { return each->latest == outcome::keep; };
    if (!on_->in_transaction() || std::ranges::none_of(jobs, is_served))
        return on_->rollback();
    std::exception_ptr const failed = commit_failure();
    if (failed != nullptr && on_->may_run_again())
        return;
    delivery done;
    for (write_job* const each : jobs)
        if (is_served(each))
        {
            each->failure = failed;
            done.add(*each);
        }
    auto const served = static_cast<std::int64_t>(std::erase_if(jobs, is_served));
    of_.count.actions.fetch_add(served, std::memory_order_relaxed);
    of_.count.batched.fetch_add(served, std::memory_order_relaxed);
    done.send();
    if (failed == nullptr && outbox_noted)
        of_.hooks.call();
}

// What fails of it fails for nobody: alone each gets its own answer.
bool single_runner::run_all(std::vector<write_job*> const& jobs)
{
    try
    {
        on_->begin_write();
        transaction tx(*on_, jobs.front()->call, of_.owner);
        call_scope const as_the_first(jobs.front()->call);
        jobs.front()->run_batch(tx, jobs);
        return tx.outbox_noted();
    }
    catch (std::exception const& failed)
    {
        log_debug(
            "db_batch_undone",
            {{"database", of_.options.name}, {"actions", jobs.size()}, {"why", failed.what()}});
        on_->rollback();
        for (write_job* const each : jobs)
            each->latest = outcome::undo;
        return false;
    }
}

// Unlike a member of a group it needs no savepoint, and what is refused needs no COMMIT.
void single_runner::run_one(write_job& job)
{
    job.failure = nullptr;
    job.latest = outcome::undo;
    ++job.runs;
    of_.count.actions.fetch_add(1, std::memory_order_relaxed);

    bool const outbox_noted = run_action(job);
    bool const lost_race = job.failure == nullptr && job.latest == outcome::again;
    bool const was_ended = !on_->in_transaction();
    bool stored = false;
    if (was_ended || job.failure != nullptr || job.latest != outcome::keep)
        on_->rollback();
    else
        stored = commit(job);

    bool const met_another = (was_ended || job.failure != nullptr) && on_->may_run_again();
    if ((lost_race || met_another) && run_later(of_, job))
        return;
    delivery done;
    done.add(job);
    done.send();
    if (stored && outbox_noted)
        of_.hooks.call();
}

// Leaves the transaction open, unless something ended it. Whether the action added to its outbox.
bool single_runner::run_action(write_job& job)
{
    try
    {
        on_->begin_write();
        transaction tx(*on_, job.call, of_.owner);
        call_scope const as_its_own(job.call);
        job.latest = job.run(tx);
        if (!on_->in_transaction())  // The action swallowed it.
            throw outage(fmt::format("database {}: the transaction was ended by a failure",
                                     of_.options.name));
        return tx.outbox_noted();
    }
    catch (...)
    {
        job.failure = std::current_exception();
        return false;
    }
}

bool single_runner::commit(write_job& job)
{
    job.failure = commit_failure();
    return job.failure == nullptr;
}

// Nothing: it is stored. Else, unless the connection says that it may run again, nobody knows.
std::exception_ptr single_runner::commit_failure()
{
    try
    {
        fail_here("db.before_commit", of_.options.name);
        on_->commit();
        fail_here("db.after_commit", of_.options.name);
        of_.count.groups.fetch_add(1, std::memory_order_release);
        return nullptr;
    }
    catch (std::exception const& failed)
    {
        on_->rollback();
        of_.count.commit_failures.fetch_add(1, std::memory_order_release);
        if (!on_->may_run_again())
            log_error("db_commit_failed", {{"database", of_.options.name}, {"why", failed.what()}});
        return std::make_exception_ptr(outage(failed.what()));
    }
}

}  // namespace mc::db_detail
