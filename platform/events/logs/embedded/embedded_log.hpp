#pragma once

#include <filesystem>
#include <memory>

#include "platform/core/time.hpp"
#include "platform/events/event_log.hpp"

namespace mc
{

struct embedded_log_options
{
    std::filesystem::path file;  // DATA_DIR/log.db
    clock const& now;
    int partitions = 3;  // Of topics made from now on.
};

// The log as a SQLite file of this process. All relays append through one writer, so that what
// arrives together shares one fsync; readers are woken by appends and read on their own
// connections.
class embedded_log : public event_log
{
public:
    // Throws outage when the file cannot be opened, migration_refused when it is newer than this
    // program.
    static std::unique_ptr<embedded_log> open(embedded_log_options options);
};

}  // namespace mc
