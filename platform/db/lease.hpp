#pragma once

#include <string>
#include <string_view>

#include "platform/core/time.hpp"

namespace mc
{

class database;

// The right to do something alone among all processes on one database: to send its events, its
// mails. A row of `leases` at the server says who has it and until when, by the server's clock, so
// that the machines' own clocks do not matter. Where no other process uses the database (SQLite) it
// is always there and costs nothing. For one thread.
class lease
{
public:
    // `name` says what it is about. Whoever stops renewing loses it after `lasts`.
    lease(database& in, std::string_view name, milliseconds lasts);
    lease(lease const&) = delete;
    lease& operator=(lease const&) = delete;

    // Whether it is ours for now: takes it when it is free, makes it last longer when a third of
    // its time is over, and else asks nobody. Throws `outage`.
    bool hold();
    // Lets another process have it at once. Without it they wait until it runs out.
    void give_back() noexcept;

    // Whether there may be others at all.
    bool is_shared() const noexcept { return is_shared_; }

private:
    bool take(steady_time now);

    database& in_;
    std::string const name_;
    std::string const holder_;
    milliseconds const lasts_;
    bool const is_shared_;
    bool is_ours_ = false;
    steady_time renew_at_ = steady_time::min();
};

}  // namespace mc
