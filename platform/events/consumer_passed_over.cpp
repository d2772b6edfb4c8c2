#include <algorithm>
#include <iterator>
#include <utility>

#include "platform/events/consumer_worker.hpp"

namespace mc
{

// A batch that has nothing for us does not become a transaction by itself: on SQLite that is a sync
// of the disk, at a database server some round trips. It goes with the next one that has, or alone
// after a while.
void consumer::worker::hold_back()
{
    auto const is_for_us = [](intake::message const& each)
    { return each.event.kind != intake::readable::ignored; };
    steady_time const now = std::chrono::steady_clock::now();
    bool const has_some = std::ranges::any_of(messages_, is_for_us);
    if (now >= passed_over_due_ || (has_some && !passed_over_.empty()))
        return take_back();
    if (has_some || messages_.empty())
        return;
    if (passed_over_.empty())
        passed_over_due_ = now + options_.passed_over_max;
    for (intake::message& each : messages_)
        passed_over_[{each.record.topic, each.record.partition}] = std::move(each);
    messages_.clear();
}

// Puts what was held back before what has come since.
void consumer::worker::take_back()
{
    std::vector<intake::message> all;
    all.reserve(passed_over_.size() + messages_.size() - first_);
    for (auto& [where, message] : passed_over_)
        all.push_back(std::move(message));
    std::move(messages_.begin() + static_cast<std::ptrdiff_t>(first_), messages_.end(),
              std::back_inserter(all));
    messages_ = std::move(all);
    first_ = 0;
    passed_over_.clear();
    passed_over_due_ = steady_time::max();
}

}  // namespace mc
