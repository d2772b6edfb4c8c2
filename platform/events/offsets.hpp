#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/transaction.hpp"
#include "platform/json/describe.hpp"

// Where a group goes on reading, kept in the database of its effects. Not for services.
namespace mc::offsets
{

struct row
{
    std::string topic;
    std::int64_t partition;
    std::int64_t next;
};
MC_DESCRIBE(row, topic, partition, next)

std::vector<row> list(snapshot& from, std::string const& group);
std::optional<std::int64_t> find(snapshot& from, std::string const& group, std::string const& topic,
                                 int partition);

// Compare-and-set: false when the stored offset is not `expected` (nothing: no row yet), which
// means that another copy of the service reads this partition now.
bool move(transaction& tx, std::string const& group, std::string const& topic, int partition,
          std::optional<std::int64_t> expected, std::int64_t next);

}  // namespace mc::offsets
