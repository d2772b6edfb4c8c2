#include "platform/events/relay.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/core/fail_point.hpp"
#include "platform/core/thread_name.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

outgoing_record record_of(outbox::row row, topic_names const& names)
{
    std::string headers;
    headers.reserve(200);
    add_header(headers, "eventType", row.event_type);
    add_header(headers, "eventVersion", std::to_string(row.event_version));
    add_header(headers, "producer", row.producer);
    if (row.aggregate_version)
        add_header(headers, "aggregateVersion", std::to_string(*row.aggregate_version));
    if (!row.traceparent.empty())
        add_header(headers, "traceparent", row.traceparent);
    add_header(headers, "content-type", "application/json");
    return {names.actual(row.topic), std::move(row.key), std::move(headers), std::move(row.value)};
}

}  // namespace

milliseconds pause_after(std::int64_t found, milliseconds before, relay_options const& options)
{
    if (found < options.shared_many)
        return options.shared_pause;
    return std::min(2 * before, found < options.shared_flood ? options.shared_pause_longest
                                                             : options.shared_pause_of_flood);
}

relay::relay(database& from, event_log& to, relay_options options)
    : from_(from),
      to_(to),
      options_(std::move(options)),
      pause_(options_.shared_pause),
      right_(from, "relay", options_.lease_lasts),
      pauses_(options_.retry_first, options_.retry_longest)
{
    from_.on_commit([this] { wake(); });
}

relay::~relay() { stop(); }

bool relay::claim(milliseconds wait_max)
{
    steady_time const until = std::chrono::steady_clock::now() + wait_max;
    while (!right_.hold())
    {
        if (std::chrono::steady_clock::now() > until)
            return false;
        wait_for_work(options_.shared_timer);
    }
    return true;
}

void relay::start()
{
    thread_ = std::thread([this] { run(); });
}

void relay::stop()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void relay::wake() noexcept
{
    {
        std::lock_guard const lock(mutex_);
        woken_ = true;
    }
    changed_.notify_one();
}

bool relay::stopping()
{
    std::lock_guard const lock(mutex_);
    return stopping_;
}

void relay::run()
{
    name_this_thread(from_.name() + ".relay");
    while (!stopping())
    {
        try
        {
            more const then = right_.is_shared() ? shared_round() : round();
            if (pauses_.failing())
                log_info("relay_goes_on", {{"database", from_.name()}});
            pauses_.reset();
            if (then == more::no)
                right_.is_shared() ? shared_rest() : rest();
        }
        catch (outage const& away)
        {
            pause("relay_paused", away.what());
        }
        catch (std::exception const& bug)
        {
            // A row that cannot be sent must not be lost, so this waits for the correction, loudly.
            pause("relay_failed", bug.what());
        }
    }
    try
    {
        delete_acknowledged();
        right_.give_back();
    }
    catch (std::exception const& away)
    {
        log_warning(
            "relay_will_send_again",
            {{"database", from_.name()}, {"rows", acknowledged_.size()}, {"why", away.what()}});
    }
}

relay::more relay::round()
{
    bool const had_none = acknowledged_.empty();
    more const then = send_some();
    steady_time const now = std::chrono::steady_clock::now();
    if (had_none)
        delete_at_ = now + options_.delete_after;
    if (acknowledged_.size() >= options_.delete_max || now >= delete_at_)
        delete_acknowledged();
    return then;
}

void relay::rest()
{
    if (acknowledged_.empty())
        wait_for_work(options_.timer);
    else if (!wait_for_work(options_.delete_after))
        delete_acknowledged();
}

relay::more relay::shared_round()
{
    // A row that was just committed does not wait for the lease to be renewed.
    bool const is_ours = (was_woken_ && right_.still_holds()) || right_.hold();
    if (!is_ours)
    {
        // Rows of ours that we sent and did not delete may be sent again by the other.
        delete_acknowledged();
        return more::no;
    }
    looked_at_ = std::chrono::steady_clock::now();
    std::int64_t const before = sent();
    more const then = send_some();
    pause_ = pause_after(sent() - before, pause_, options_);
    if (then == more::perhaps || acknowledged_.size() >= options_.shared_delete_max)
        delete_acknowledged();
    return then;
}

void relay::shared_rest()
{
    was_woken_ = false;
    if (!right_.still_holds())
        return wait_unwoken(std::chrono::steady_clock::now() + options_.lease_lasts / 5);
    milliseconds const until_renewal = options_.lease_lasts / 3;
    if (!acknowledged_.empty())
    {
        was_woken_ = wait_for_work(std::min(options_.shared_rest, until_renewal));
        if (!was_woken_)
            delete_acknowledged();
    }
    else
        was_woken_ =
            wait_for_work(right_.is_wanted_by_others() ? options_.shared_timer : until_renewal);
    if (was_woken_)
        wait_unwoken(looked_at_ + pause_);
}

// Where others write too, a lower id may become visible after a higher one; what comes later of the
// same key must not overtake it. So there each look is at everything unsent.
relay::more relay::send_some()
{
    std::int64_t const after = right_.is_shared() ? 0 : after_;
    std::vector<std::int64_t> const passed_over =
        right_.is_shared() ? acknowledged_ : std::vector<std::int64_t>();
    std::vector<outbox::row> rows =
        from_.read_now(outbox::next_rows_but, after, options_.batch_max, passed_over);
    return rows.empty() ? more::no : append(std::move(rows));
}

relay::more relay::append(std::vector<outbox::row> rows)
{
    std::vector<std::int64_t> ids;
    std::vector<outgoing_record> batch;
    std::size_t bytes = 0;
    ids.reserve(rows.size());
    batch.reserve(rows.size());
    for (outbox::row& row : rows)
    {
        bytes += row.key.size() + row.value.size();
        ids.push_back(row.id);
        batch.push_back(record_of(std::move(row), options_.names));
    }
    make_topics(batch);
    fail_here("relay.before_append", from_.name());
    to_.append(batch);
    fail_here("relay.after_append", from_.name());
    after_ = ids.back();
    acknowledged_.insert(acknowledged_.end(), ids.begin(), ids.end());
    std::ranges::sort(acknowledged_);
    sent_.fetch_add(std::ssize(ids), std::memory_order_relaxed);
    bool const is_all = std::ssize(ids) < options_.batch_max && bytes < outbox::batch_bytes_max / 2;
    return is_all ? more::no : more::perhaps;
}

void relay::make_topics(std::vector<outgoing_record> const& batch)
{
    std::vector<std::string> missing;
    for (outgoing_record const& record : batch)
        if (!topics_.contains(record.topic) &&
            std::ranges::find(missing, record.topic) == missing.end())
            missing.push_back(record.topic);
    if (missing.empty())
        return;
    to_.make_topics(missing);
    topics_.insert(missing.begin(), missing.end());
}

void relay::delete_acknowledged()
{
    bool const deletes = !acknowledged_.empty();
    if (deletes)
    {
        from_.write_now(outbox::remove, acknowledged_).value();
        acknowledged_.clear();
    }
    // The next look starts from the beginning, which holds only what was never sent.
    after_ = 0;
    if (deletes)
        fail_here("relay.after_delete", from_.name());
}

// Whether it was cut short by a commit.
bool relay::wait_for_work(milliseconds at_most)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return woken_ || stopping_; });
    return std::exchange(woken_, false);
}

// A commit does not cut it short; it is seen by the next look.
void relay::wait_unwoken(steady_time until)
{
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return stopping_; });
}

void relay::pause(std::string_view event, char const* why)
{
    if (!pauses_.failing())
        log_error(event, {{"database", from_.name()}, {"why", std::string_view(why)}});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pauses_.next(), [this] { return stopping_; });
}

}  // namespace mc
