#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <sys/epoll.h>

#include <fmt/format.h>

#include "bench/load_run.hpp"

namespace mc::bench
{

namespace
{

constexpr std::size_t unexpected_body_bytes_max = 300;
constexpr double look_up_seconds = 0.05;

}  // namespace

void load_run::wait(nanoseconds at)
{
    // Looks up now and then even when nothing happens, for the end of the run.
    auto pause = static_cast<nanoseconds>(look_up_seconds * 1e9);
    if (options_.rate > 0 && may_ask(at))
    {
        double const until_due = next_due_ - static_cast<double>(at);
        pause = until_due <= 0 ? 0 : std::min(pause, static_cast<nanoseconds>(until_due));
    }
    timespec const pause_at_most{0, static_cast<long>(pause)};
    std::array<epoll_event, 256> events;
    int const count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()),
                                     &pause_at_most, nullptr);
    for (int i = 0; i < count; ++i)
        handle(events[static_cast<std::size_t>(i)]);
}

void load_run::handle(epoll_event const& event)
{
    std::size_t const line = static_cast<std::size_t>(event.data.u64);
    std::size_t const who = line / asks_.targets().size();
    connection& from = lines_[line];
    if (from.descriptor() < 0)
        return;
    if ((event.events & EPOLLOUT) != 0)
    {
        connection::progress const sent = from.send();
        if (sent == connection::progress::failed)
            return lost(line);
        if (sent == connection::progress::complete)
            watch(line, EPOLL_CTL_MOD, EPOLLIN);
    }
    if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0)
        return;
    if (!is_awaited(line))
        return lost(line);
    switch (from.receive())
    {
    case connection::progress::incomplete: return;
    case connection::progress::failed:     return lost(line);
    case connection::progress::complete:   break;
    }
    take_answer(who, from);
    if (from.answer().closes())
    {
        ++report_.reconnects;
        if (!open(line))
            return give_up_client(who);
    }
    from.forget_answer();
    ask_next(who, last_answer_at_);
}

bool load_run::is_awaited(std::size_t line) const noexcept
{
    std::size_t const targets = asks_.targets().size();
    client const& of = clients_[line / targets];
    return of.busy && asks_.requests()[of.request].target == line % targets;
}

// Keeps the first of all that went wrong.
void load_run::note(std::string_view request, std::string_view what)
{
    if (report_.first_unexpected.empty())
        report_.first_unexpected = fmt::format("{}: {}", request, what);
}

void load_run::take_answer(std::size_t who, connection const& from)
{
    client& of = clients_[who];
    answer_reader const& answer = from.answer();
    plan::request const& asked = asks_.requests()[of.request];
    load_report::part& part = report_.parts[of.request];
    last_answer_at_ = now();
    of.busy = false;
    --busy_;
    report_.bytes += answer.bytes();
    ++report_.by_class[std::min<std::size_t>(static_cast<std::size_t>(answer.status()) / 100, 5)];
    if (answer.status() != asked.status)
    {
        ++report_.unexpected;
        std::string_view const body = answer.body_start().substr(0, unexpected_body_bytes_max);
        return note(asked.name, fmt::format("{} {}", answer.status(), body));
    }
    if (last_answer_at_ >= measure_from_ && last_answer_at_ <= measure_to_)
    {
        ++report_.requests;
        ++part.requests;
    }
    if (of.due >= measure_from_)
        part.latency.record((last_answer_at_ - of.due) / 1000);
}

// Between requests it is only noted; under a request it is an error.
void load_run::lost(std::size_t line)
{
    int const why = errno;
    std::size_t const who = line / asks_.targets().size();
    bool const under_request = is_awaited(line);
    if (under_request)
    {
        clients_[who].busy = false;
        --busy_;
        ++report_.connection_failures;
        plan::request const& asked = asks_.requests()[clients_[who].request];
        note(asked.name, why == 0 ? "the connection was closed early" : std::strerror(why));
    }
    else
        ++report_.reconnects;
    if (!open(line))
        return give_up_client(who);
    if (under_request)
        idle_.push_back(who);
}

// Its server is gone. What it had in flight elsewhere is abandoned.
void load_run::give_up_client(std::size_t who)
{
    std::size_t const targets = asks_.targets().size();
    for (std::size_t line = who * targets; line < (who + 1) * targets; ++line)
        lines_[line].close();
    if (clients_[who].busy)
        --busy_;
    clients_[who].busy = false;
    std::erase(idle_, who);
    ++report_.connection_failures;
    note("connect", "the server went away");
}

}  // namespace mc::bench
