#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/db/database.hpp"
#include "platform/db/lease.hpp"
#include "platform/events/backoff.hpp"
#include "platform/events/event.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/outbox.hpp"

namespace mc
{

struct relay_options
{
    topic_names names = {};
    std::int64_t batch_max = 1024;  // Rows sent with one acknowledgement, if they are small
                                    // (outbox::batch_bytes_max).
    std::size_t delete_max = 1024;  // Acknowledged rows kept before they must be deleted …
    // … and for how long: each deletion is a COMMIT that others wait for.
    milliseconds delete_after{50};
    // The same where each look passes them over anew: on a database that others write to as well.
    std::size_t shared_delete_max = 64;
    // There, from one look to the next while rows keep coming: what comes together is sent, and
    // deleted, together. A row that comes after a rest is looked for at once.
    milliseconds shared_pause{4};
    // Doubled up to this while each look finds so many: each is a statement and, on Kafka, a
    // request for nearly every partition and as many of each consumer, whatever they carry.
    milliseconds shared_pause_longest{32};
    std::int64_t shared_many = 4;
    // … and up to this while each finds so many: a backlog goes through, or is made by one, and a
    // request of Kafka's takes more processor than the events in it.
    milliseconds shared_pause_of_flood{128};
    std::int64_t shared_flood = 64;
    // … and how long no row may have come before the last ones are deleted.
    milliseconds shared_rest{20};
    milliseconds timer{1000};  // Looks by itself this often, should a wake-up get lost.
    // The same while other copies of the service run on the database, of whose rows nobody tells
    // us. While none does, rows of others (a command that ran once, a copy that has just started or
    // died) are looked for whenever the lease is renewed, so every third of its time.
    milliseconds shared_timer{20};
    milliseconds lease_lasts{1000};    // Should this process die, another goes on after so long.
    milliseconds retry_first{100};     // After the log or the database was away …
    milliseconds retry_longest{1000};  // … doubling up to this, for ever.
};

// On a shared database: from a look that found so many rows to the next one, while rows keep
// coming; `before` is the pause before that look.
milliseconds pause_after(std::int64_t found, milliseconds before, relay_options const& options);

// Sends what commits leave in a database's outbox: in the order of the ids (so per key in the order
// of the versions), waits for the log's acknowledgement, then deletes exactly the acknowledged
// rows. A crash between the two sends them again; consumers drop duplicates. One relay per database
// at a time: of several processes on one database the holder of its lease sends for all.
//
// The object must outlive the database's last commit (it is woken by it): stop() it, close the
// database, then destroy it.
class relay
{
public:
    relay(database& from, event_log& to, relay_options options = {});
    ~relay();
    relay(relay const&) = delete;
    relay& operator=(relay const&) = delete;

    // Before start(): whether no other process sends for this database, or stops doing so in that
    // time. From then on none does while we run.
    bool claim(milliseconds wait_max);
    void start();
    void stop();           // Waits for the batch that is under way. May be called twice.
    void wake() noexcept;  // Any thread.

    // Rows sent since the start; for metrics and tests.
    std::int64_t sent() const noexcept { return sent_.load(std::memory_order_relaxed); }

    // The log or the database did not answer last time; what is committed waits in the outbox.
    bool is_cut_off() const noexcept { return pauses_.failing(); }

private:
    // Whether there may be more to send at once.
    enum class more
    {
        no,
        perhaps
    };

    void run();
    more round();
    more shared_round();
    void rest();
    void shared_rest();
    more send_some();
    bool may_send();
    more append(std::vector<outbox::row> rows);
    void make_topics(std::vector<outgoing_record> const& batch);
    void delete_acknowledged();
    bool stopping();
    bool wait_for_work(milliseconds at_most);
    void wait_unwoken(steady_time until);
    void pause(std::string_view event, char const* why);

    database& from_;
    event_log& to_;
    relay_options options_;
    std::int64_t after_ = 0;                  // The last id that was acknowledged.
    std::vector<std::int64_t> acknowledged_;  // Ascending, not deleted yet.
    bool was_woken_ = false;                  // The last wait ended because there are rows of ours.
    steady_time looked_at_ = steady_time::min();
    milliseconds pause_;  // From the last look to the next, shared.
    steady_time delete_at_ = steady_time::min();
    std::set<std::string, std::less<>> topics_;  // Known to exist.
    lease right_;
    backoff pauses_;
    std::atomic<std::int64_t> sent_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mc
