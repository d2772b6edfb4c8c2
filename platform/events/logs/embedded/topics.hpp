#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mc::embedded
{

// One partition as the writer and the readers see it. `next` belongs to whoever writes; `first` and
// `end` are what is durable.
struct partition_state
{
    std::int64_t next = 0;
    bool touched = false;  // By the group that is being written.
    std::atomic<std::int64_t> first{0};
    std::atomic<std::int64_t> end{0};
};

struct topic_state
{
    std::int64_t id;
    std::string name;
    std::deque<partition_state> partitions;
};

// The topics of a log. They are never removed, so a pointer stays good as long as the log.
class topic_map
{
public:
    topic_state* find(std::string_view name) const;
    void add(std::unique_ptr<topic_state> made);
    void for_each(std::function<void(topic_state&)> const& visit) const;

private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, std::unique_ptr<topic_state>, std::less<>> topics_;
};

}  // namespace mc::embedded
