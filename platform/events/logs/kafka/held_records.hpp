#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/events/event_log.hpp"

namespace mc::kafka
{

// Records that have arrived and are not handed over yet. Kafka delivers thousands of one partition
// in a row; from here every partition gets its share, each in its own order.
class held_records
{
public:
    void add(log_record record);
    // At most `max`, as many of each partition as of the others while they have some.
    std::vector<log_record> take(std::size_t max);
    void drop(std::string_view topic, int partition);
    void clear();

    bool empty() const noexcept { return count_ == 0; }
    std::size_t count() const noexcept { return count_; }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    using place = std::pair<std::string, int>;

    static std::size_t size_of(log_record const& record) noexcept;
    void forget(log_record const& record) noexcept;

    std::map<place, std::deque<log_record>> partitions_;  // None is empty.
    place first_;  // Whose turn it is, so that a small `max` starves nobody.
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace mc::kafka
