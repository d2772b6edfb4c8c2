#include "platform/events/consumer.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "platform/core/fail_point.hpp"
#include "platform/core/thread_name.hpp"
#include "platform/events/consumer_worker.hpp"
#include "platform/events/offsets.hpp"
#include "platform/events/parking.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

consumer::consumer(database& into, event_log& from, subscription_table const& table,
                   consumer_options options)
    : worker_(std::make_unique<worker>(into, from, table, std::move(options)))
{}

consumer::~consumer() = default;

void consumer::start() { worker_->start(); }

void consumer::stop() { worker_->stop(); }

bool consumer::caught_up() const noexcept { return worker_->caught_up(); }

bool consumer::reads() const noexcept { return worker_->reads(); }

std::int64_t consumer::lag() const noexcept { return worker_->lag(); }

void consumer::wake() noexcept { worker_->wake(); }

consumer::worker::worker(database& into, event_log& from, subscription_table const& table,
                         consumer_options options)
    : into_(into),
      from_(from),
      table_(table),
      options_(std::move(options)),
      lag_pauses_(options_.timer, lag_pause_longest),
      pauses_(options_.retry_first, options_.retry_longest)
{
    for (std::string const& topic : table.topics())
        topics_.push_back(options_.names.actual(topic));
}

consumer::worker::~worker() { stop(); }

void consumer::worker::start()
{
    thread_ = std::thread([this] { run(); });
}

void consumer::worker::stop()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        if (reader_)
            reader_->interrupt();
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void consumer::worker::wake() noexcept
{
    looks_at_parked_.store(true, std::memory_order_release);
    std::lock_guard const lock(mutex_);
    if (reader_)
        reader_->interrupt();
}

bool consumer::worker::stopping()
{
    std::lock_guard const lock(mutex_);
    return stopping_;
}

void consumer::worker::run()
{
    name_this_thread(into_.name() + ".hears");
    call_context mine;
    mine.service = into_.name();
    call_scope const scope(mine);
    while (!stopping())
    {
        try
        {
            round();
            if (pauses_.failing())
                log_info("consumer_goes_on", {{"group", options_.group}});
            pauses_.reset();
        }
        catch (outage const& away)
        {
            pause("consumer_paused", away.what());
        }
        catch (std::exception const& bug)
        {
            // Not a handler's failure but our own: nothing may be skipped, so it waits for the
            // correction.
            pause("consumer_failed", bug.what());
        }
    }
    leave_group();
}

void consumer::worker::round()
{
    if (!reader_)
        join_group();
    if (looks_at_parked_.exchange(false) || std::chrono::steady_clock::now() >= parked_due_)
        retry_parked();
    measure_lag();
    if (first_ == messages_.size())
        take_messages(reader_->poll(time_to_wait(), options_.batch_max));
    hold_back();
    if (first_ != messages_.size())
        take_in();
    look_whether_caught_up();
}

void consumer::worker::join_group()
{
    from_.make_topics(topics_);
    if (!targets_)
    {
        std::vector<target> ends;
        for (std::string const& topic : topics_)
            for (partition_range const& part : from_.ranges(topic))
                if (part.end > part.first)
                    ends.push_back({{topic, part.partition}, part.end});
        targets_ = std::move(ends);
        look_whether_caught_up();
    }
    std::unique_ptr<log_reader> made =
        from_.join(options_.group, topics_, [this](std::string_view topic, int partition)
                   { return stored_offset(topic, partition); });
    made->says_in(reads_);
    std::lock_guard const lock(mutex_);
    reader_ = std::move(made);
    if (stopping_)
        reader_->interrupt();
}

void consumer::worker::leave_group()
{
    messages_.clear();
    first_ = 0;
    passed_over_.clear();
    passed_over_due_ = steady_time::max();
    stored_.clear();
    std::lock_guard const lock(mutex_);
    reader_.reset();
    reads_ = false;
}

std::optional<std::int64_t> consumer::worker::stored_offset(std::string_view topic, int partition)
{
    std::optional<std::int64_t> const next =
        into_.read_now(offsets::find, options_.group, std::string(topic), partition);
    stored_[{std::string(topic), partition}] = next;
    passed_over_.erase({std::string(topic), partition});  // It may have been another copy's since.
    return next;
}

milliseconds consumer::worker::time_to_wait() const
{
    milliseconds const left = std::chrono::ceil<milliseconds>(
        std::min(parked_due_, passed_over_due_) - std::chrono::steady_clock::now());
    return std::clamp(left, milliseconds{0}, options_.timer);
}

void consumer::worker::take_messages(std::vector<log_record> records)
{
    messages_.clear();
    first_ = 0;
    messages_.reserve(records.size());
    for (log_record& record : records)
    {
        intake::incoming event = intake::prepare(table_, record.headers, record.value);
        messages_.push_back({std::move(record), std::move(event)});
    }
}

void consumer::worker::take_in()
{
    intake::batch const batch{options_.group, into_.name(), std::span(messages_).subspan(first_),
                              &stored_, options_.batch_time_max};
    result<intake::batch_outcome> const outcome = into_.write_now(intake::take_in, &batch);
    fail_here("consumer.after_commit", into_.name());
    if (!outcome)
    {
        // Lost to another copy, or an earlier COMMIT of unknown outcome did happen: ask the
        // database.
        log_warning("consumer_rejoins",
                    {{"group", options_.group}, {"why", outcome.error().message}});
        return leave_group();
    }
    first_ += outcome->done;
    for (auto const& [where, next] : outcome->next)
        stored_[where] = next;
    if (!outcome->failed.empty())
        parked_due_ = steady_time::min();
    report(*outcome);
}

void consumer::worker::report(intake::batch_outcome const& outcome) const
{
    for (intake::set_aside const& each : outcome.unreadable)
        log_error("event_unreadable", {{"group", options_.group},
                                       {"topic", each.topic},
                                       {"partition", each.partition},
                                       {"offset", each.offset},
                                       {"reason", each.reason}});
    for (intake::set_aside const& each : outcome.failed)
        log_warning("event_parked", {{"group", options_.group},
                                     {"topic", each.topic},
                                     {"partition", each.partition},
                                     {"offset", each.offset},
                                     {"reason", each.reason}});
}

// Looked at when something may be due: what we parked ourselves says when; and now and then, for
// another copy of the service or an operator may have. Not each round: it is two round trips.
void consumer::worker::retry_parked()
{
    std::vector<parking::line> const due =
        into_.read_now(parking::due_lines, options_.group, options_.now.now());
    for (parking::line const& line : due)
    {
        if (stopping())
            return;
        result<parking::progress> const moved = into_.write_now(parking::advance, &table_, line);
        if (!moved)
            continue;
        if (moved->is_dead)
            log_error("event_dead", {{"group", options_.group},
                                     {"topic", line.topic},
                                     {"key", line.order_key},
                                     {"reason", *moved->failed}});
    }
    std::optional<timestamp> const next = into_.read_now(parking::next_due, options_.group);
    milliseconds const wait =
        next ? std::clamp(*next - options_.now.now(), milliseconds{0}, options_.timer)
             : options_.timer;
    parked_due_ = std::chrono::steady_clock::now() + wait;
}

void consumer::worker::look_whether_caught_up()
{
    if (caught_up() || !targets_)
        return;
    std::vector<offsets::row> const stored = into_.read_now(offsets::list, options_.group);
    auto const reached = [&](target const& wanted)
    {
        return std::ranges::any_of(stored,
                                   [&](offsets::row const& row)
                                   {
                                       return row.topic == wanted.where.first &&
                                              row.partition == wanted.where.second &&
                                              row.next >= wanted.end;
                                   });
    };
    if (std::ranges::all_of(*targets_, reached))
        caught_up_.store(true, std::memory_order_release);
}

void consumer::worker::pause(std::string_view event, std::string_view why)
{
    if (!pauses_.failing())
        log_error(event, {{"group", options_.group}, {"why", why}});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pauses_.next(), [this] { return stopping_; });
}

}  // namespace mc
