#include "platform/events/logs/kafka/kafka_log.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/events/logs/kafka/browser.hpp"
#include "platform/events/logs/kafka/limits.hpp"
#include "platform/events/logs/kafka/reader.hpp"
#include "platform/events/logs/kafka/sender.hpp"
#include "platform/events/logs/kafka/topics.hpp"

namespace mc
{

namespace
{

class brokers_log final : public event_log
{
public:
    explicit brokers_log(kafka_log_options options)
        : options_(std::move(options)), sends_(std::make_shared<kafka::sender>(options_))
    {}

    ~brokers_log() override { close(); }

    void make_topics(std::span<std::string const> names) override
    {
        if (names.empty())
            return;
        std::shared_ptr<kafka::sender> const by = sender_now();
        look_at_topics(*by);
        std::vector<std::string> missing;
        for (std::string const& name : names)
            if (known_partitions(name).value_or(0) == 0)
                missing.push_back(name);
        if (missing.empty())
            return;
        kafka::topics::make(by->handle(), options_, missing, time_for(*by));
        forget_partitions();
    }

    void append(std::span<outgoing_record const> batch) override
    {
        if (batch.empty())
            return;
        if (may_lack_topics_.exchange(false))
            make_topics_of(batch);
        try
        {
            sender_now()->send(batch);
            away_ = false;
        }
        catch (...)
        {
            may_lack_topics_ = true;
            away_ = true;
            throw;
        }
    }

    std::vector<log_record> fetch(std::string_view topic, int partition, std::int64_t offset,
                                  std::size_t max) override
    {
        std::lock_guard const lock(browsing_mutex_);
        if (browses_ == nullptr)
            browses_ = std::make_unique<kafka::browser>(options_);
        if (!browses_->stands_at(topic, partition, offset))
        {
            std::vector<partition_range> const held = ranges(topic);
            if (partition < 0 || partition >= std::ssize(held))
                return {};
            partition_range const& part = held[static_cast<std::size_t>(partition)];
            offset = std::max(offset, part.first);
            if (offset >= part.end)
                return {};
        }
        return browses_->fetch(std::string(topic), partition, offset, max);
    }

    // The client believes in a leader that has died until it is told of another one, so a question
    // without an answer is asked again after a new look at the topics.
    std::vector<partition_range> ranges(std::string_view topic) override
    {
        std::shared_ptr<kafka::sender> const by = sender_now();
        std::string const name(topic);
        steady_time const until = std::chrono::steady_clock::now() + time_for(*by);
        for (milliseconds wait = kafka::first_leader_time;; wait *= 2)
        {
            int const partitions = partitions_of(*by, name);
            if (partitions == 0)
                return {};
            milliseconds const left =
                std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
            try
            {
                return ranges_within(*by, name, partitions, std::clamp(left, {}, wait));
            }
            catch (outage const&)
            {
                forget_partitions();
                if (left <= wait)
                    throw;
            }
        }
    }

    std::map<std::string, std::vector<partition_range>> ranges_of(
        std::span<std::string const> topics) override
    {
        std::shared_ptr<kafka::sender> const by = sender_now();
        kafka::topics::counts wanted;
        for (std::string const& topic : topics)
            wanted[topic] = partitions_of(*by, topic);
        auto found = kafka::topics::ranges_of(by->handle(), wanted, kafka::first_leader_time);
        if (!found)
            return event_log::ranges_of(topics);
        away_ = false;
        by->answered();
        return std::move(*found);
    }

    std::unique_ptr<log_reader> join(std::string_view group, std::vector<std::string> topics,
                                     stored_offsets stored) override
    {
        refuse_when_closed();
        return std::make_unique<kafka::reader>(options_, std::string(group), topics,
                                               std::move(stored), readers_);
    }

    bool is_away() const noexcept override { return away_; }

    void hurry() noexcept override
    {
        readers_.hurry(kafka::answer_time_cut_off);
        std::lock_guard const lock(mutex_);
        if (sends_)
            sends_->hurry(kafka::answer_time_cut_off);
    }

    void close() override
    {
        readers_.close();
        {
            std::lock_guard const lock(browsing_mutex_);
            browses_.reset();
        }
        std::shared_ptr<kafka::sender> last;
        std::lock_guard const lock(mutex_);
        last.swap(sends_);
    }

private:
    void refuse_when_closed() const
    {
        if (readers_.is_closed())
            throw outage("the event log is closed");
    }

    // The one that is in use, or a new one after something unusual happened to it. It lives as long
    // as somebody sends by it.
    std::shared_ptr<kafka::sender> sender_now()
    {
        std::shared_ptr<kafka::sender> spent;  // Ends outside of the lock.
        std::lock_guard const lock(mutex_);
        refuse_when_closed();
        if (sends_->is_spent())
        {
            spent = std::exchange(sends_, std::make_shared<kafka::sender>(options_));
            if (readers_.hurries())
                sends_->hurry(kafka::answer_time_cut_off);
        }
        return sends_;
    }

    milliseconds time_for(kafka::sender const& by) const
    {
        return readers_.hurries() || by.cut_off()
                   ? std::min(kafka::answer_time_cut_off, options_.answer_time_max)
                   : options_.answer_time_max;
    }

    std::vector<partition_range> ranges_within(kafka::sender& by, std::string const& topic,
                                               int partitions, milliseconds wait)
    {
        std::vector<partition_range> found = asked(
            by,
            [&] { return kafka::topics::ranges(by.handle(), options_, topic, partitions, wait); });
        if (found.empty())
            forget_partitions();
        return found;
    }

    // Somebody may have deleted a topic that its writers know to exist.
    void make_topics_of(std::span<outgoing_record const> batch)
    {
        std::set<std::string> names;
        for (outgoing_record const& record : batch)
            names.insert(record.topic);
        make_topics(std::vector<std::string>(names.begin(), names.end()));
    }

    // 0: there is no such topic.
    int partitions_of(kafka::sender& by, std::string const& topic)
    {
        if (std::optional<int> const known = known_partitions(topic))
            return *known;
        look_at_topics(by);
        return known_partitions(topic).value_or(0);
    }

    std::optional<int> known_partitions(std::string const& topic)
    {
        std::lock_guard const lock(topics_mutex_);
        auto const known = topics_.find(topic);
        if (known == topics_.end() || std::chrono::steady_clock::now() > topics_good_until_)
            return std::nullopt;
        return known->second;
    }

    // Whether the brokers answer is known afterwards.
    template <class Ask>
    auto asked(kafka::sender& by, Ask ask) -> decltype(ask())
    {
        try
        {
            auto answer = ask();
            away_ = false;
            by.answered();
            return answer;
        }
        catch (outage const&)
        {
            away_ = true;
            // Why a connection failed says more than that an answer did not come.
            if (std::optional<std::string> const why = by.cut_off())
                kafka::throw_away(options_, *why);
            throw;
        }
    }

    // The first that is asked of brokers: when they refuse connections it shows soon.
    kafka::topics::counts list_topics(kafka::sender& by)
    {
        milliseconds const wait = time_for(by);
        milliseconds const first = std::min(wait, kafka::answer_time_cut_off);
        try
        {
            return kafka::topics::list(by.handle(), options_, first);
        }
        catch (outage const&)
        {
            if (wait == first || by.cut_off() || readers_.hurries())
                throw;
        }
        return kafka::topics::list(by.handle(), options_, wait - first);
    }

    void look_at_topics(kafka::sender& by)
    {
        steady_time const now = std::chrono::steady_clock::now();
        kafka::topics::counts all = asked(by, [&] { return list_topics(by); });
        std::lock_guard const lock(topics_mutex_);
        topics_ = std::move(all);
        topics_good_until_ = now + kafka::partitions_known_for;
    }

    void forget_partitions()
    {
        std::lock_guard const lock(topics_mutex_);
        topics_.clear();
    }

    kafka_log_options const options_;
    kafka::closing readers_;
    std::atomic<bool> may_lack_topics_{false};
    std::atomic<bool> away_{false};
    std::mutex mutex_;
    std::shared_ptr<kafka::sender> sends_;
    std::mutex browsing_mutex_;
    std::unique_ptr<kafka::browser> browses_;
    std::mutex topics_mutex_;
    kafka::topics::counts topics_;
    steady_time topics_good_until_;
};

}  // namespace

std::unique_ptr<event_log> open_kafka_log(kafka_log_options options)
{
    return std::make_unique<brokers_log>(std::move(options));
}

}  // namespace mc
