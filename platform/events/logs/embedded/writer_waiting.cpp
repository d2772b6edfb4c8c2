#include <vector>

#include "platform/events/logs/embedded/writer.hpp"

// Who waits for the writer: records for their COMMIT, readers for records.
namespace mc::embedded
{

namespace
{

// So many records wait for nothing: a backlog is as fast as the disk.
constexpr std::size_t many_records = 256;

}  // namespace

bool writer::many_wait() const noexcept
{
    std::size_t records = 0;
    for (request const* const each : waiting_)
        records += each->batch.size();
    return records >= many_records;
}

void writer::add_reader(reader& listens)
{
    std::lock_guard const lock(readers_mutex_);
    readers_.push_back(&listens);
}

void writer::remove_reader(reader& listens)
{
    std::lock_guard const lock(readers_mutex_);
    std::erase(readers_, &listens);
}

}  // namespace mc::embedded
