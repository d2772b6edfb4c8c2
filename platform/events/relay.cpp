#include "platform/events/relay.hpp"

#include <utility>

#include "platform/core/fail_point.hpp"
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

relay::relay(database& from, event_log& to, relay_options options)
    : from_(from),
      to_(to),
      options_(std::move(options)),
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
    while (!stopping())
    {
        try
        {
            if (!right_.hold())
            {
                // Rows of ours that we sent and did not delete may be sent again by the other.
                delete_acknowledged();
                after_ = 0;
                wait_for_work(options_.lease_lasts / 3);
                continue;
            }
            // Where others write too, a lower id may become visible after a higher one; what comes
            // later of the same key must not overtake it. So each look is at everything unsent.
            if (right_.is_shared())
                delete_acknowledged();
            bool const more = send_some();
            if (!more || acknowledged_.size() >= options_.delete_max)
                delete_acknowledged();
            if (pauses_.failing())
                log_info("relay_goes_on", {{"database", from_.name()}});
            pauses_.reset();
            if (!more)
                wait_for_work(right_.is_shared() ? options_.shared_timer : options_.timer);
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

bool relay::send_some()
{
    std::vector<outbox::row> rows = from_.read_now(outbox::next_rows, after_, options_.batch_max);
    if (rows.empty())
        return false;
    append(std::move(rows));
    return true;
}

void relay::append(std::vector<outbox::row> rows)
{
    std::vector<std::int64_t> ids;
    std::vector<outgoing_record> batch;
    ids.reserve(rows.size());
    batch.reserve(rows.size());
    for (outbox::row& row : rows)
    {
        ids.push_back(row.id);
        batch.push_back(record_of(std::move(row), options_.names));
    }
    make_topics(batch);
    fail_here("relay.before_append", from_.name());
    to_.append(batch);
    fail_here("relay.after_append", from_.name());
    after_ = ids.back();
    acknowledged_.insert(acknowledged_.end(), ids.begin(), ids.end());
    sent_.fetch_add(static_cast<std::int64_t>(ids.size()), std::memory_order_relaxed);
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

void relay::wait_for_work(milliseconds at_most)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return woken_ || stopping_; });
    woken_ = false;
}

void relay::pause(std::string_view event, char const* why)
{
    if (!pauses_.failing())
        log_error(event, {{"database", from_.name()}, {"why", std::string_view(why)}});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pauses_.next(), [this] { return stopping_; });
}

}  // namespace mc
