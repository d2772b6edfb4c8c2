#include "platform/db/idempotency.hpp"
#include "platform/events/inbox.hpp"
#include "platform/mail/mails.hpp"
#include "platform/observe/log.hpp"
#include "platform/runtime/host_parts.hpp"

// The retention job: what is past its time goes, a little at a time, once a minute.
namespace mc
{
namespace
{

constexpr seconds tidy_every{60};
constexpr std::int64_t rows_max = 1000;  // Of one transaction: writers wait meanwhile.
constexpr std::chrono::days mails_kept_for{
    30};  // Rows of sent mails; their texts went when they were sent.

// Runs a purge until it finds nothing more, at most so often.
template <class Purge, class... Args>
void repeat(database& in, Purge purge, Args... args)
{
    for (int turns = 0; turns < 100; ++turns)
    {
        result<std::int64_t> const gone = in.write_now(purge, args...);
        if (!gone || *gone < rows_max)
            return;
    }
}

void tidy_unit(unit& each, timestamp now)
{
    repeat(*each.db, forget_old_keys, now, rows_max);
    repeat(*each.db, inbox::purge, now - inbox::retention);
    if (each.to_mail)
        repeat(*each.db, mails::purge, now - mails_kept_for);
    each.runs->tidy_up();
}

}  // namespace

void host_parts::start_tidying() { tidies_ = std::thread(&host_parts::tidy_until_stopped, this); }

void host_parts::stop_tidying()
{
    {
        std::lock_guard const held(tidy_lock_);
        tidy_ends_ = true;
    }
    tidy_wake_.notify_all();
    if (tidies_.joinable())
        tidies_.join();
}

void host_parts::tidy_until_stopped()
{
    std::unique_lock held(tidy_lock_);
    while (!tidy_wake_.wait_for(held, tidy_every, [this] { return tidy_ends_; }))
    {
        held.unlock();
        try
        {
            tidy_once();
        }
        catch (std::exception const& failed)
        {
            log_warning("tidying_failed", {{"reason", failed.what()}});
        }
        held.lock();
    }
}

void host_parts::tidy_once()
{
    timestamp const now = options.now.now();
    for (std::unique_ptr<unit>& each : units)
        tidy_unit(*each, now);
    std::int64_t const days = options.settings.number("LOG_RETENTION_DAYS");
    if (days == 0)
        return;
    while (log->purge(now - std::chrono::days(days)) == event_log::purge_rows_max)
        continue;
}

}  // namespace mc
