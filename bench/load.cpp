#include "bench/load.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/load_run.hpp"

namespace mc::bench
{

namespace
{

// After so many the run is worthless, and reconnecting would only spin.
constexpr std::uint64_t connection_failures_max = 1000;

nanoseconds from_seconds(double seconds) noexcept
{
    return static_cast<nanoseconds>(seconds * 1e9);
}

double own_cpu_seconds() noexcept
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& from)
    { return static_cast<double>(from.tv_sec) + static_cast<double>(from.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

nanoseconds now() noexcept
{
    return static_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch().count());
}

load_run::load_run(plan& asks, load_options const& options)
    : asks_(asks),
      options_(options),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      clients_(options.clients),
      gap_seconds_(options.rate > 0 ? options.rate : 1)
{
    for (plan::request const& each : asks.requests())
        report_.parts.push_back({each.name, 0, {}});
    for (std::size_t who = 0; who < clients_.size(); ++who)
    {
        for (plan::target const& each : asks.targets())
        {
            lines_.emplace_back(each.address);
            if (!open(lines_.size() - 1))
                throw std::system_error(errno, std::generic_category(),
                                        "cannot connect to " + each.host);
        }
        idle_.push_back(who);
    }
}

load_run::~load_run() { ::close(epoll_); }

void load_run::watch(std::size_t line, int how, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = line;
    ::epoll_ctl(epoll_, how, lines_[line].descriptor(), &event);
}

bool load_run::open(std::size_t line)
{
    if (!lines_[line].open())
        return false;
    watch(line, EPOLL_CTL_ADD, EPOLLIN);
    return true;
}

load_report load_run::run()
{
    double const cpu_before = own_cpu_seconds();
    nanoseconds const start = now();
    measure_from_ = start + from_seconds(options_.warm_up_seconds);
    measure_to_ = measure_from_ + from_seconds(options_.seconds);
    give_up_at_ = measure_to_ + from_seconds(options_.drain_seconds);
    next_due_ = static_cast<double>(start);

    for (nanoseconds at = start; at < give_up_at_; at = now())
    {
        ask_what_is_due(at);
        bool const asked_all = !may_ask(at) && waiting_.empty();
        bool const nobody_left = idle_.empty() && busy_ == 0;
        if (busy_ == 0 && (asked_all || nobody_left))
            break;
        wait(at);
    }

    report_.unanswered = busy_ + waiting_.size();
    if (report_.unanswered > 0)
        note("drain", "requests were left without an answer");
    nanoseconds const measured_to =
        report_.asked >= options_.requests_max ? last_answer_at_ : std::min(now(), measure_to_);
    report_.seconds =
        measured_to > measure_from_ ? static_cast<double>(measured_to - measure_from_) / 1e9 : 0;
    report_.own_cpu_seconds = own_cpu_seconds() - cpu_before;
    for (load_report::part const& each : report_.parts)
        report_.latency.add(each.latency);
    return std::move(report_);
}

bool load_run::may_ask(nanoseconds at) const noexcept
{
    return at < measure_to_ && report_.asked < options_.requests_max &&
           report_.connection_failures < connection_failures_max;
}

// Closed loop: gives the idle something to do, at the start and after a lost connection. Open loop:
// the clock decides.
void load_run::ask_what_is_due(nanoseconds at)
{
    if (options_.rate > 0)
    {
        while (next_due_ <= static_cast<double>(at) && may_ask(static_cast<nanoseconds>(next_due_)))
        {
            waiting_.push_back(static_cast<nanoseconds>(next_due_));
            next_due_ += gap_seconds_(random_) * 1e9;
        }
    }
    // As many as there are now: a failure puts its client back.
    for (std::size_t left = idle_.size(); left > 0 && !idle_.empty(); --left)
    {
        if (options_.rate > 0 ? waiting_.empty() : !may_ask(at))
            return;
        std::size_t const who = idle_.back();
        idle_.pop_back();
        ask_next(who, at);
    }
}

void load_run::ask_next(std::size_t who, nanoseconds at)
{
    if (options_.rate == 0 && may_ask(at))
        return ask(who, at);
    if (waiting_.empty())
    {
        idle_.push_back(who);
        return;
    }
    nanoseconds const due = waiting_.front();
    waiting_.pop_front();
    ask(who, due);
}

void load_run::ask(std::size_t who, nanoseconds due)
{
    std::size_t const request = asks_.choose();
    std::size_t const line = who * asks_.targets().size() + asks_.requests()[request].target;
    clients_[who] = {request, due, true};
    ++busy_;
    ++report_.asked;
    asks_.write(request, lines_[line].outgoing());
    switch (lines_[line].send())
    {
    case connection::progress::complete:   return;
    case connection::progress::incomplete: return watch(line, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    case connection::progress::failed:     return lost(line);
    }
}

load_report run_load(plan& asks, load_options const& options)
{
    // The default slack of 50 µs would make every request of an open loop late.
    ::prctl(PR_SET_TIMERSLACK, 1000UL);
    return load_run(asks, options).run();
}

}  // namespace mc::bench
