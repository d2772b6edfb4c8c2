#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "platform/db/database.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/subscriptions.hpp"

namespace mc
{

struct consumer_options
{
    std::string group;  // "order-service-group"
    clock const& now;   // The database's.
    topic_names names = {};
    std::size_t batch_max = 256;  // Messages in one transaction …
    milliseconds batch_time_max{
        5};  // … or as many as this takes: the service's own writes wait meanwhile.
    // Messages that nobody here listens to move the stored offsets with the next batch, or after …
    milliseconds passed_over_max{50};
    milliseconds timer{1000};          // Looks by itself this often, should a wake-up get lost.
    milliseconds retry_first{100};     // After the log or the database was away …
    milliseconds retry_longest{1000};  // … doubling up to this, for ever.
};

// Takes in what a service subscribes to, each event in effect exactly once: a batch of messages is
// one transaction of the service's own database, with a savepoint per message, in which the event's
// id is recorded (inbox), the handler runs and the stored offset moves.
//
// A handler that returns an error or throws is undone and tried again (see dead_letters.hpp);
// meanwhile and afterwards later events of the same key wait behind it, other keys go on.
// Unreadable messages and unknown versions of known types become dead letters at once, and nothing
// waits for them; unknown types are passed over. The service's own database or the log being away
// (`outage`) pauses the consumer instead, for as long as it lasts.
class consumer
{
public:
    consumer(database& into, event_log& from, subscription_table const& table,
             consumer_options options);
    ~consumer();
    consumer(consumer const&) = delete;
    consumer& operator=(consumer const&) = delete;

    void start();
    void stop();  // Between two batches. May be called twice.

    // True for ever once everything was taken in that the log held when the consumer first reached
    // it.
    bool caught_up() const noexcept;
    // Whether it has its partitions and knows where to go on in each. Not at once after start(),
    // and at Kafka not while the members of its group share them out anew.
    bool reads() const noexcept;
    // Records of the log that are not taken in yet, as of the last look (at most `timer` ago; the
    // first one is before it reads).
    std::int64_t lag() const noexcept;
    // Looks at once whether a parked message is due.
    void wake() noexcept;

private:
    class worker;
    std::unique_ptr<worker> worker_;
};

}  // namespace mc
