#pragma once

#include <algorithm>
#include <atomic>
#include <functional>

#include "platform/core/error.hpp"
#include "platform/events/event_log.hpp"

namespace mc::events_test
{

// A log that is away, or loses acknowledgements, when the test says so.
class flaky_log final : public event_log
{
public:
    explicit flaky_log(event_log& behind) : behind_(behind) {}

    std::atomic<bool> away{false};
    std::atomic<bool> hides_its_end{false};
    std::atomic<int> acknowledgements_to_lose{0};
    std::atomic<int> refused{0};
    std::atomic<int> appends{0};
    std::atomic<std::size_t> largest_append{0};  // Keys and values of one batch, in bytes.
    // Called whenever a reader asks where it goes on. Set before any does.
    std::function<void()> on_position_asked = [] {};

    void make_topics(std::span<std::string const> names) override
    {
        expect_here();
        behind_.make_topics(names);
    }
    void append(std::span<outgoing_record const> batch) override
    {
        expect_here();
        std::size_t bytes = 0;
        for (outgoing_record const& each : batch)
            bytes += each.key.size() + each.value.size();
        largest_append = std::max(largest_append.load(), bytes);
        ++appends;
        behind_.append(batch);
        if (acknowledgements_to_lose > 0)
        {
            --acknowledgements_to_lose;
            throw outage("the acknowledgement was lost");
        }
    }
    std::vector<log_record> fetch(std::string_view topic, int partition, std::int64_t offset,
                                  std::size_t max) override
    {
        expect_here();
        return behind_.fetch(topic, partition, offset, max);
    }
    std::vector<partition_range> ranges(std::string_view topic) override
    {
        expect_here();
        if (hides_its_end)
        {
            ++refused;
            throw outage("a partition has no leader");
        }
        return behind_.ranges(topic);
    }
    std::unique_ptr<log_reader> join(std::string_view group, std::vector<std::string> topics,
                                     stored_offsets stored) override
    {
        expect_here();
        auto telling = [this, stored = std::move(stored)](std::string_view topic, int partition)
        {
            on_position_asked();
            return stored(topic, partition);
        };
        return behind_.join(group, std::move(topics), std::move(telling));
    }

private:
    void expect_here()
    {
        if (!away)
            return;
        ++refused;
        throw outage("the log is away");
    }

    event_log& behind_;
};

}  // namespace mc::events_test
