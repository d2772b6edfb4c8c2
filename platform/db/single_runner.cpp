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
        write_job& job = *taken.pop();
        if (!refuse_expired(of_, job))
            run_one(job);
    }
    on_->tidy_for_close();
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
        job.failure = std::make_exception_ptr(outage(failed.what()));
        if (!on_->may_run_again())
            log_error("db_commit_failed", {{"database", of_.options.name}, {"why", failed.what()}});
        return false;
    }
}

}  // namespace mc::db_detail
