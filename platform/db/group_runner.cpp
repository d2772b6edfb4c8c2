#include <algorithm>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/db/readers.hpp"
#include "platform/db/writer.hpp"
#include "platform/observe/log.hpp"

namespace mc::db_detail
{

namespace
{

// Groups with savepoints after one in which something was undone: refusals come in swarms, as when
// a product is sold out, and each group that runs twice for one must be the exception.
constexpr int careful_groups = 16;

std::exception_ptr outage_because(std::string_view database, std::string_view why)
{
    return std::make_exception_ptr(outage(fmt::format("database {}: {}", database, why)));
}

std::string words_of(std::exception_ptr const& failure)
{
    try
    {
        std::rethrow_exception(failure);
    }
    catch (std::exception const& failed)
    {
        return failed.what();
    }
    catch (...)
    {
        return "an unknown failure";
    }
}

}  // namespace

group_runner::group_runner(write_side& of) : of_(of), on_(of.source.connect(engine::purpose::write))
{
    ran_.reserve(static_cast<std::size_t>(of.group_actions_max));
}

void group_runner::run()
{
    while (!queued_.empty() || of_.queue.wait(queued_, of_.group_actions_max))
        run_group();
    on_->tidy_for_close();
}

void group_runner::run_group()
{
    ran_.clear();
    outbox_noted_ = false;
    fate ended = run_queued();
    if (ran_.empty())
        return;
    careful_groups_left_ = std::max(careful_groups_left_ - 1, 0);
    if (ended == fate::to_be_undone)
        ended = go_on_carefully();
    if (ended == fate::transaction_lost)
    {
        on_->rollback();
        run_again_singly(ran_);
    }
    else if (commit(ran_))
        finish(ran_);
    tidy();
}

// Before it, so that the checkpoint reaches the newest frame; after it, so that the next reads take
// snapshots of the file alone and the next COMMIT may start the WAL anew.
void group_runner::tidy()
{
    if (!on_->tidy_is_due())
        return;
    try
    {
        of_.read_inline.end_kept();
        on_->tidy();
        of_.read_inline.end_kept();
    }
    catch (std::exception const& failed)
    {
        log_error("db_tidy_failed", {{"database", of_.options.name}, {"why", failed.what()}});
    }
}

// Runs what is queued, and what arrives meanwhile, as one group. Leaves the transaction open.
group_runner::fate group_runner::run_queued()
{
    savepoints const how = careful_groups_left_ > 0 ? savepoints::each : savepoints::none;
    steady_time const until = std::chrono::steady_clock::now() + of_.options.limits.group_time_max;
    while (static_cast<int>(ran_.size()) < of_.group_actions_max)
    {
        if (queued_.empty())
            of_.queue.take(queued_, of_.group_actions_max - static_cast<int>(ran_.size()));
        write_job* const next = queued_.pop();
        if (next == nullptr)
            break;
        if (refuse_expired(of_, *next))
            continue;
        bool const is_first = ran_.empty();
        ran_.push_back(next);
        try
        {
            if (is_first)
                on_->begin_write();
        }
        catch (std::exception const& failed)
        {
            // Locked or away: nobody who waits now would fare better one by one.
            while (write_job* const other = queued_.pop())
                ran_.push_back(other);
            on_->rollback();
            fail(ran_, failed.what());
            ran_.clear();
            break;
        }
        fate const of_this = run_one(*next, how);
        if (of_this != fate::finished)
            return of_this;
        if (std::chrono::steady_clock::now() > until)
            break;
    }
    return fate::finished;
}

// What an action throws is the job's; only what ends the whole transaction is the group's.
group_runner::fate group_runner::run_one(write_job& job, savepoints how)
{
    job.failure = nullptr;
    job.latest = outcome::undo;
    ++job.runs;
    of_.count.actions.fetch_add(1, std::memory_order_relaxed);
    try
    {
        if (how == savepoints::each)
            on_->savepoint(0);
        transaction tx(*on_, job.call, of_.owner);
        try
        {
            call_scope const as_its_own(job.call);
            job.latest = job.run(tx);
        }
        catch (...)
        {
            job.failure = std::current_exception();
        }
        if (!on_->in_transaction())
            return fate::transaction_lost;
        bool const is_kept = job.failure == nullptr && job.latest == outcome::keep;
        if (is_kept)
            outbox_noted_ = outbox_noted_ || tx.outbox_noted();
        if (how == savepoints::none)
            return is_kept ? fate::finished : fate::to_be_undone;
        if (is_kept)
            on_->release(0);
        else
            on_->rollback_to(0);
        return fate::finished;
    }
    catch (...)
    {
        // The savepoint itself failed, so nothing says what the transaction holds now.
        if (job.failure == nullptr)
            job.failure = std::current_exception();
        return fate::transaction_lost;
    }
}

// The group began without savepoints and something of it has to be undone, which undid all. An
// action that was alone so far is undone by that.
group_runner::fate group_runner::go_on_carefully()
{
    careful_groups_left_ = careful_groups;
    outbox_noted_ = false;
    on_->rollback();
    try
    {
        on_->begin_write();
    }
    catch (std::exception const&)
    {
        return fate::transaction_lost;
    }
    if (ran_.size() > 1)
        for (write_job* const job : ran_)
        {
            --job->runs;  // Both runs are one.
            if (run_one(*job, savepoints::each) == fate::transaction_lost)
                return fate::transaction_lost;
        }
    return run_queued();
}

bool group_runner::commit(std::vector<write_job*> const& jobs)
{
    try
    {
        fail_here("db.before_commit", of_.options.name);
        on_->commit();
        fail_here("db.after_commit", of_.options.name);
        of_.count.groups.fetch_add(1, std::memory_order_release);
        return true;
    }
    catch (std::exception const& failed)
    {
        on_->rollback();
        of_.count.commit_failures.fetch_add(1, std::memory_order_release);
        // Refusals too: they may rest on rows of a neighbour that never came to be.
        fail(jobs, failed.what());
        return false;
    }
}

// A full disk or an I/O error under one action took its neighbours' work with it. Alone each gets
// its own answer.
void group_runner::run_again_singly(std::vector<write_job*> const& jobs)
{
    log_warning("db_group_lost",
                {{"database", of_.options.name},
                 {"actions", jobs.size()},
                 {"why", jobs.back()->failure ? words_of(jobs.back()->failure) : "swallowed"}});
    for (write_job* const job : jobs)
        if (!refuse_expired(of_, *job))
            run_alone(*job);
}

void group_runner::run_alone(write_job& job)
{
    std::vector<write_job*> const alone{&job};
    outbox_noted_ = false;
    try
    {
        on_->begin_write();
    }
    catch (std::exception const& failed)
    {
        on_->rollback();
        return fail(alone, failed.what());
    }
    if (run_one(job, savepoints::each) == fate::transaction_lost)
    {
        on_->rollback();
        if (job.failure == nullptr)  // The action swallowed it.
            job.failure =
                outage_because(of_.options.name, "the transaction was ended by a failure");
        job.latest = outcome::undo;
        return finish(alone);
    }
    if (commit(alone))
        finish(alone);
}

// Resumes the callers, all in one post per executor; a lost race goes back to the queue instead.
void group_runner::finish(std::vector<write_job*> const& jobs)
{
    delivery done;
    for (write_job* const job : jobs)
    {
        bool const lost_race = job->failure == nullptr && job->latest == outcome::again;
        if (!lost_race || !run_later(of_, *job))
            done.add(*job);
    }
    done.send();
    if (outbox_noted_)
        of_.hooks.call();
}

void group_runner::fail(std::vector<write_job*> const& jobs, std::string_view why)
{
    log_error("db_group_failed",
              {{"database", of_.options.name}, {"actions", jobs.size()}, {"why", why}});
    delivery done;
    for (write_job* const job : jobs)
    {
        job->failure = std::make_exception_ptr(outage(std::string(why)));
        done.add(*job);
    }
    done.send();
}

}  // namespace mc::db_detail
