#include "platform/events/logs/kafka/held_records.hpp"

#include <algorithm>

namespace mc::kafka
{

std::size_t held_records::size_of(log_record const& record) noexcept
{
    return sizeof record + record.key.size() + record.headers.size() + record.value.size();
}

void held_records::forget(log_record const& record) noexcept
{
    --count_;
    bytes_ -= size_of(record);
}

void held_records::add(log_record record)
{
    ++count_;
    bytes_ += size_of(record);
    partitions_[{record.topic, record.partition}].push_back(std::move(record));
}

std::vector<log_record> held_records::take(std::size_t max)
{
    std::vector<log_record> taken;
    taken.reserve(std::min(max, count_));
    while (taken.size() < max && !partitions_.empty())
    {
        std::size_t const behind = partitions_.size();
        std::size_t const share = (max - taken.size() + behind - 1) / behind;
        auto at = partitions_.lower_bound(first_);
        if (at == partitions_.end())
            at = partitions_.begin();
        std::deque<log_record>& records = at->second;
        for (std::size_t i = 0; i < share && !records.empty(); ++i)
        {
            forget(records.front());
            taken.push_back(std::move(records.front()));
            records.pop_front();
        }
        first_ = {at->first.first, at->first.second + 1};
        if (records.empty())
            partitions_.erase(at);
    }
    return taken;
}

void held_records::drop(std::string_view topic, int partition)
{
    auto const at = partitions_.find({std::string(topic), partition});
    if (at == partitions_.end())
        return;
    for (log_record const& each : at->second)
        forget(each);
    partitions_.erase(at);
}

void held_records::clear()
{
    partitions_.clear();
    count_ = 0;
    bytes_ = 0;
}

}  // namespace mc::kafka
