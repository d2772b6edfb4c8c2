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
    // Whether it is ours for another third of its time at least, without asking anybody: for who is
    // in a hurry and calls hold() afterwards. Where it is not shared, always.
    bool still_holds() const noexcept;
    // Lets another process have it at once. Without it they wait until it runs out.
    void give_back() noexcept;

    // Whether there may be others at all.
    bool is_shared() const noexcept { return is_shared_; }
    // Whether another process wanted it lately and did not get it, as was known when it was last
    // taken or made to last longer: at most a third of its time ago. Who begins to want it says so
    // with its first hold(); who ends is believed to be there for three times its time at most.
    bool is_wanted_by_others() const noexcept { return is_wanted_; }

private:
    bool take(steady_time now);
    bool keep(steady_time now);
    void say_we_want_it(steady_time now);

    database& in_;
    std::string const name_;
    std::string const holder_;
    milliseconds const lasts_;
    bool const is_shared_;
    std::string const wanted_name_;  // Of the row that says that somebody waits for it.
    bool is_ours_ = false;
    bool is_wanted_ = false;
    steady_time renew_at_ = steady_time::min();
    steady_time say_again_at_ = steady_time::min();
};

}  // namespace mc
