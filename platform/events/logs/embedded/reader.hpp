#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/db/engines/engine.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/logs/embedded/topics.hpp"

namespace mc::embedded
{

class writer;

// Reads all partitions of its topics (there is one member per group in one process), on a
// connection of its own, and sleeps until one of them grows.
class reader final : public log_reader
{
public:
    reader(std::unique_ptr<engine::connection> on, writer& wakes, std::string group,
           std::vector<topic_state*> topics, stored_offsets stored);
    ~reader() override;

    void says_in(std::atomic<bool>& reads) noexcept override { reads_ = &reads; }
    std::vector<log_record> poll(milliseconds wait, std::size_t max) override;
    void rewind(std::string_view topic, int partition, std::int64_t offset) override;
    void interrupt() noexcept override;

    bool reads(topic_state const& topic) const noexcept;
    void wake() noexcept;
    void end() noexcept;  // The log is closed.

private:
    struct position
    {
        topic_state* topic;
        int partition;
        std::int64_t next;

        partition_state const& state() const
        {
            return topic->partitions[static_cast<std::size_t>(partition)];
        }
    };

    void find_positions();
    std::vector<log_record> fetch(std::size_t max);

    std::unique_ptr<engine::connection> on_;
    writer& wakes_;
    std::string group_;
    std::vector<topic_state*> topics_;
    stored_offsets stored_;
    std::vector<position> positions_;
    std::atomic<bool>* reads_ = nullptr;
    std::size_t first_ = 0;  // The partition whose turn it is, so that a long one starves nobody.

    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool interrupted_ = false;
    bool ended_ = false;
};

}  // namespace mc::embedded
