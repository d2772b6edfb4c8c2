#pragma once

#include <filesystem>
#include <span>

#include "platform/core/time.hpp"

namespace mc
{

struct file_copy
{
    std::filesystem::path from;
    std::filesystem::path to;  // Must not be there; made with mode 0600.
};

// For how long a moment is looked for in which none of several busy databases commits.
inline constexpr milliseconds common_moment_wait_max{20'000};

// Copies database files that all stand at one moment, also while another process writes them; it
// waits for nobody and nobody for it. Each copy is checked with `PRAGMA integrity_check` and
// durable when this returns. Throws `outage` with a sentence about the file that cannot be read,
// copied, or is damaged, or when there was no such moment within `wait_max`; copies that were begun
// stay, for the caller to remove.
void copy_at_one_moment(std::span<file_copy const> files,
                        milliseconds wait_max = common_moment_wait_max);

}  // namespace mc
