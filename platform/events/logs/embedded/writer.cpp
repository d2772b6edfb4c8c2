#include "platform/events/logs/embedded/writer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/events/logs/embedded/reader.hpp"
#include "platform/events/logs/embedded/store.hpp"

namespace mc::embedded
{

namespace
{

// Batches that share one COMMIT; a relay's batch has 256 records.
constexpr std::size_t group_batches_max = 16;
// From one COMMIT to the next while records keep coming. A disk makes syncs wait for each other,
// also those of the services' databases, so what comes together is made durable together; and what
// was read together, relays and consumers handle together, with a COMMIT of their own. Who comes
// after a rest waits for nobody.
constexpr std::chrono::milliseconds pause{5};

}  // namespace

writer::writer(std::unique_ptr<engine::connection> on, topic_map& topics, clock const& now)
    : on_(std::move(on)), topics_(topics), now_(now), owner_{"log", &now}
{}

void writer::load_topics()
{
    snapshot from(*on_);
    for (store::topic_row& row : store::topics(from))
    {
        auto made = std::make_unique<topic_state>(row.id, std::move(row.name));
        made->partitions.resize(static_cast<std::size_t>(row.partitions));
        topics_.add(std::move(made));
    }
    reload_ends(from);
}

void writer::reload_ends(snapshot& from)
{
    std::vector<store::partition_row> const rows = store::partitions(from);
    topics_.for_each(
        [&](topic_state& topic)
        {
            for (store::partition_row const& row : rows)
            {
                if (row.topic_id != topic.id)
                    continue;
                partition_state& part =
                    topic.partitions.at(static_cast<std::size_t>(row.partition_number));
                part.first = row.first_offset;
                part.end = row.next_offset;
                part.next = row.next_offset;
            }
        });
    ends_unknown_ = false;
}

void writer::refuse_when_closed() const
{
    if (closed_)
        throw outage("the event log is closed");
}

// Runs work() in a transaction of its own connection; whatever it throws undoes it.
template <class Work>
void writer::in_transaction(Work work)
{
    on_->begin_write();
    try
    {
        call_context const nobody;
        transaction tx(*on_, nobody, owner_);
        if (ends_unknown_)
            reload_ends(tx);
        work(tx);
        fail_here("log.before_commit");
    }
    catch (...)
    {
        on_->rollback();
        throw;
    }
    try
    {
        on_->commit();
    }
    catch (...)
    {
        ends_unknown_ = true;
        on_->rollback();
        throw;
    }
    fail_here("log.after_commit");
}

void writer::write(std::vector<request*> const& group)
{
    timestamp const at = now_.now();
    in_transaction(
        [&](transaction& tx)
        {
            for (request const* each : group)
                for (std::size_t i = 0; i < each->batch.size(); ++i)
                {
                    topic_state& topic = *each->topics[i];
                    outgoing_record const& record = each->batch[i];
                    int const number =
                        partition_of(record.key, static_cast<int>(topic.partitions.size()));
                    partition_state& part = topic.partitions[static_cast<std::size_t>(number)];
                    if (!part.touched)
                        touched_.emplace_back(&topic, number);
                    part.touched = true;
                    store::add_record(tx, topic.id, number, part.next, at, record);
                    ++part.next;
                }
            for (auto const& [topic, number] : touched_)
                store::move_end(tx, topic->id, number,
                                topic->partitions[static_cast<std::size_t>(number)].next);
        });
}

void writer::forget_touched() noexcept
{
    for (auto const& [topic, number] : touched_)
    {
        partition_state& part = topic->partitions[static_cast<std::size_t>(number)];
        part.next = part.end;
        part.touched = false;
    }
    touched_.clear();
}

void writer::publish_touched()
{
    for (auto const& [topic, number] : touched_)
    {
        partition_state& part = topic->partitions[static_cast<std::size_t>(number)];
        part.end = part.next;
        part.touched = false;
    }
    std::lock_guard const lock(readers_mutex_);
    for (reader* const each : readers_)
        if (std::ranges::any_of(touched_, [&](auto const& one) { return each->reads(*one.first); }))
            each->wake();
    touched_.clear();
}

void writer::run(std::vector<request*> const& group)
{
    try
    {
        write(group);
    }
    catch (...)
    {
        forget_touched();
        for (request* const each : group)
            each->failure = std::current_exception();
        return;
    }
    publish_touched();
    if (on_->tidy_is_due())
        on_->tidy();
}

void writer::append(std::span<outgoing_record const> batch)
{
    if (batch.empty())
        return;
    request mine{batch, {}};
    mine.topics.reserve(batch.size());
    for (outgoing_record const& record : batch)
    {
        topic_state* const topic = topics_.find(record.topic);
        if (topic == nullptr)
            throw std::logic_error("append to topic " + record.topic + ", which nobody made");
        mine.topics.push_back(topic);
    }

    std::unique_lock lock(mutex_);
    refuse_when_closed();
    waiting_.push_back(&mine);
    arrived_.notify_one();
    turn_.wait(lock, [&] { return mine.done || !busy_; });
    while (!mine.done)
    {
        busy_ = true;
        arrived_.wait_until(lock, next_commit_at_, [this] { return closed_ || many_wait(); });
        std::size_t const count = std::min(waiting_.size(), group_batches_max);
        std::vector<request*> const group(waiting_.begin(),
                                          waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        lock.unlock();
        run(group);
        lock.lock();
        next_commit_at_ = std::chrono::steady_clock::now() + pause;
        busy_ = false;
        for (request* const each : group)
            each->done = true;
        turn_.notify_all();
    }
    if (mine.failure)
        std::rethrow_exception(mine.failure);
}

// For work that shares its transaction with nobody.
template <class Work>
void writer::alone(Work work)
{
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return !busy_; });
    refuse_when_closed();
    busy_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try
    {
        work();
    }
    catch (...)
    {
        failure = std::current_exception();
    }
    lock.lock();
    busy_ = false;
    turn_.notify_all();
    if (failure)
        std::rethrow_exception(failure);
}

void writer::make_topics(std::span<std::string const> names, int partitions)
{
    alone(
        [&]
        {
            std::vector<std::unique_ptr<topic_state>> made;
            in_transaction(
                [&](transaction& tx)
                {
                    for (std::string const& name : names)
                    {
                        if (topics_.find(name) != nullptr)
                            continue;
                        std::int64_t const id = store::add_topic(tx, name, partitions);
                        made.push_back(std::make_unique<topic_state>(id, name));
                        made.back()->partitions.resize(static_cast<std::size_t>(partitions));
                    }
                });
            for (std::unique_ptr<topic_state>& topic : made)
                topics_.add(std::move(topic));
        });
}

std::int64_t writer::purge(timestamp before, std::int64_t max)
{
    std::int64_t purged = 0;
    alone(
        [&]
        {
            in_transaction([&](transaction& tx) { purged = store::purge(tx, before, max); });
            snapshot from(*on_);
            reload_ends(from);
        });
    return purged;
}

void writer::close()
{
    std::unique_lock lock(mutex_);
    closed_ = true;
    arrived_.notify_one();
    turn_.wait(lock, [&] { return !busy_ && waiting_.empty(); });
    if (on_)
        on_->tidy_for_close();
    on_.reset();
    lock.unlock();
    std::lock_guard const readers(readers_mutex_);
    for (reader* const each : readers_)
        each->end();
}

}  // namespace mc::embedded
