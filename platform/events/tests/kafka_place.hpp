#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/events/logs/kafka/kafka_log.hpp"
#include "platform/events/tests/fixture.hpp"

namespace mc::events_test
{

// Gives a test topics and groups of its own on a broker that others use, too.
class private_log final : public event_log
{
public:
    private_log(std::unique_ptr<event_log> behind, std::string prefix)
        : behind_(std::move(behind)), prefix_(std::move(prefix))
    {}

    void make_topics(std::span<std::string const> names) override
    {
        behind_->make_topics(ours(names));
    }
    void append(std::span<outgoing_record const> batch) override
    {
        std::vector<outgoing_record> renamed(batch.begin(), batch.end());
        for (outgoing_record& each : renamed)
            each.topic = ours(each.topic);
        behind_->append(renamed);
    }
    std::vector<log_record> fetch(std::string_view topic, int partition, std::int64_t offset,
                                  std::size_t max) override
    {
        return theirs(behind_->fetch(ours(topic), partition, offset, max));
    }
    std::vector<partition_range> ranges(std::string_view topic) override
    {
        return behind_->ranges(ours(topic));
    }
    std::unique_ptr<log_reader> join(std::string_view group, std::vector<std::string> topics,
                                     stored_offsets stored) override
    {
        auto renamed = [this, stored](std::string_view topic, int partition)
        { return stored(topic.substr(prefix_.size()), partition); };
        return std::make_unique<private_reader>(
            behind_->join(ours(group), ours(topics), std::move(renamed)), *this);
    }
    void hurry() noexcept override { behind_->hurry(); }
    void close() override { behind_->close(); }

    std::string ours(std::string_view name) const { return prefix_ + std::string(name); }

private:
    struct private_reader final : log_reader
    {
        private_reader(std::unique_ptr<log_reader> from, private_log const& names)
            : behind(std::move(from)), log(names)
        {}
        void says_in(std::atomic<bool>& reads) noexcept override { behind->says_in(reads); }
        std::vector<log_record> poll(milliseconds wait, std::size_t max) override
        {
            return log.theirs(behind->poll(wait, max));
        }
        void rewind(std::string_view topic, int partition, std::int64_t offset) override
        {
            behind->rewind(log.ours(topic), partition, offset);
        }
        void interrupt() noexcept override { behind->interrupt(); }

        std::unique_ptr<log_reader> behind;
        private_log const& log;
    };

    std::vector<std::string> ours(std::span<std::string const> names) const
    {
        std::vector<std::string> renamed;
        for (std::string const& name : names)
            renamed.push_back(ours(name));
        return renamed;
    }
    std::vector<log_record> theirs(std::vector<log_record> records) const
    {
        for (log_record& each : records)
            each.topic.erase(0, prefix_.size());
        return records;
    }

    std::unique_ptr<event_log> behind_;
    std::string prefix_;
};

// A real broker, when MC_TEST_KAFKA names one (tests/kafka starts one and runs these).
struct kafka_place
{
    static constexpr std::string_view missing = "no Kafka; MC_TEST_KAFKA=host:port names one";

    static std::string brokers();  // Empty: none.
    static bool is_here() { return !brokers().empty(); }

    std::unique_ptr<private_log> open() const { return open({.brokers = brokers()}); }
    std::unique_ptr<private_log> open(kafka_log_options options) const
    {
        return std::make_unique<private_log>(open_kafka_log(std::move(options)), prefix);
    }

    std::string prefix = new_prefix();

private:
    static std::string new_prefix();
};

}  // namespace mc::events_test
