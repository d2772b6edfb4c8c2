#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "platform/core/time.hpp"
#include "platform/db/engines/engine.hpp"

namespace mc
{

struct sqlite_options
{
    std::filesystem::path file;  // Made with mode 0600 when missing; its folder must exist.
    std::string name;            // Of the database, for messages.
    int group_actions_max = 256;
    milliseconds busy_wait_max{1000};  // For another process's lock on the file, then an outage.
    int checkpoint_pages = 1000;       // Pages in the WAL from which on the writer checkpoints.
    int page_count_max = 0;  // Pages the file may have, then it is full; 0: SQLite's own limit.
};

// WAL, synchronous=FULL, foreign keys on, one writer. Only the writer checkpoints.
std::unique_ptr<engine::source> make_sqlite_engine(sqlite_options options);

}  // namespace mc
