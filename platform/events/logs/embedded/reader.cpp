#include "platform/events/logs/embedded/reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/events/logs/embedded/store.hpp"
#include "platform/events/logs/embedded/writer.hpp"
#include "platform/observe/log.hpp"

namespace mc::embedded
{

reader::reader(std::unique_ptr<engine::connection> on, writer& wakes, std::string group,
               std::vector<topic_state*> topics, stored_offsets stored)
    : on_(std::move(on)),
      wakes_(wakes),
      group_(std::move(group)),
      topics_(std::move(topics)),
      stored_(std::move(stored))
{
    wakes_.add_reader(*this);
}

reader::~reader() { wakes_.remove_reader(*this); }

void reader::find_positions()
{
    std::vector<position> found;
    for (topic_state* const topic : topics_)
        for (int partition = 0; partition < std::ssize(topic->partitions); ++partition)
        {
            position at{topic, partition, 0};
            at.next = stored_(topic->name, partition).value_or(at.state().first);
            if (at.next > at.state().end)
            {
                // Somebody replaced log.db by an older or an empty one. Waiting for the old offset
                // would lose all events until then; what is read again, the inbox recognises.
                log_error("log_is_shorter_than_known", {{"group", group_},
                                                        {"topic", topic->name},
                                                        {"partition", partition},
                                                        {"known", at.next},
                                                        {"end", at.state().end.load()}});
                at.next = at.state().first;
            }
            found.push_back(at);
        }
    positions_ = std::move(found);
    if (reads_ != nullptr)
        *reads_ = true;
}

std::vector<log_record> reader::fetch(std::size_t max)
{
    std::vector<log_record> found;
    std::size_t const behind = static_cast<std::size_t>(std::ranges::count_if(
        positions_, [](position const& at) { return at.next < at.state().end; }));
    if (behind == 0)
        return found;
    std::size_t const share = (max + behind - 1) / behind;
    snapshot from(*on_);
    for (std::size_t i = 0; i < positions_.size() && found.size() < max; ++i)
    {
        position& at = positions_[(first_ + i) % positions_.size()];
        std::int64_t const end = at.state().end;
        if (at.next >= end)
            continue;
        std::vector<log_record> part =
            store::records(from, at.topic->id, at.topic->name, at.partition, at.next,
                           std::min(share, max - found.size()));
        at.next = part.empty() ? end : part.back().offset + 1;  // Empty: all of it was purged.
        std::ranges::move(part, std::back_inserter(found));
    }
    first_ = (first_ + 1) % positions_.size();
    return found;
}

std::vector<log_record> reader::poll(milliseconds wait, std::size_t max)
{
    if (positions_.empty())
        find_positions();
    std::chrono::steady_clock::time_point const until = std::chrono::steady_clock::now() + wait;
    while (true)
    {
        {
            std::lock_guard const lock(mutex_);
            if (ended_)
                throw outage("the event log is closed");
            woken_ = false;
            if (std::exchange(interrupted_, false))
                return {};
        }
        std::vector<log_record> found = fetch(max);
        if (!found.empty())
            return found;
        std::unique_lock lock(mutex_);
        if (!changed_.wait_until(lock, until, [this] { return woken_ || interrupted_ || ended_; }))
            return {};
    }
}

void reader::rewind(std::string_view topic, int partition, std::int64_t offset)
{
    for (position& at : positions_)
        if (at.topic->name == topic && at.partition == partition)
            at.next = offset;
}

bool reader::reads(topic_state const& topic) const noexcept
{
    return std::ranges::find(topics_, &topic) != topics_.end();
}

void reader::wake() noexcept
{
    {
        std::lock_guard const lock(mutex_);
        woken_ = true;
    }
    changed_.notify_one();
}

void reader::interrupt() noexcept
{
    {
        std::lock_guard const lock(mutex_);
        interrupted_ = true;
    }
    changed_.notify_one();
}

void reader::end() noexcept
{
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
    }
    changed_.notify_one();
}

}  // namespace mc::embedded
