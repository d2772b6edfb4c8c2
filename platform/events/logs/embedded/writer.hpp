#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/logs/embedded/topics.hpp"

namespace mc::embedded
{

class reader;

// The one connection that writes log.db. Whoever finds nobody writing writes for all that wait, in
// one transaction, so that what arrives together shares one fsync and a single caller needs no
// other thread. Under load it rests a little before the next, for more to arrive.
class writer
{
public:
    writer(std::unique_ptr<engine::connection> on, topic_map& topics, clock const& now);

    void load_topics();
    void make_topics(std::span<std::string const> names, int partitions);
    void append(std::span<outgoing_record const> batch);
    std::int64_t purge(timestamp before, std::int64_t max);
    void close();

    // Readers to be woken when a topic of theirs has grown.
    void add_reader(reader& listens);
    void remove_reader(reader& listens);

private:
    struct request
    {
        std::span<outgoing_record const> batch;
        std::vector<topic_state*> topics;  // Of each record.
        bool done = false;
        std::exception_ptr failure = nullptr;
    };

    void run(std::vector<request*> const& group);
    void write(std::vector<request*> const& group);
    void forget_touched() noexcept;
    void publish_touched();
    void reload_ends(snapshot& from);
    template <class Work>
    void in_transaction(Work work);
    template <class Work>
    void alone(Work work);
    void refuse_when_closed() const;
    bool many_wait() const noexcept;

    std::unique_ptr<engine::connection> on_;
    topic_map& topics_;
    clock const& now_;
    transaction_owner owner_;
    std::vector<std::pair<topic_state*, int>> touched_;
    bool ends_unknown_ = false;  // A COMMIT failed: it may have happened or not.

    std::mutex mutex_;  // Of what follows.
    std::condition_variable turn_;
    std::condition_variable arrived_;  // For who rests before the next COMMIT.
    steady_time next_commit_at_ = steady_time::min();
    std::deque<request*> waiting_;
    bool busy_ = false;
    bool closed_ = false;

    std::mutex readers_mutex_;
    std::vector<reader*> readers_;
};

}  // namespace mc::embedded
