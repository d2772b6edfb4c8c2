#pragma once

#include <cstdint>

namespace mc
{

// What this process uses, as /proc and the allocator tell it. 0 where they tell nothing.
struct process_facts
{
    std::int64_t resident_bytes = 0;
    std::int64_t virtual_bytes = 0;
    std::int64_t heap_total_bytes = 0;  // Taken from the kernel by malloc.
    std::int64_t heap_used_bytes = 0;   // Given out by malloc, not yet freed.
    std::int64_t cpu_ms = 0;            // User and system time of all threads.
    std::int64_t open_files = 0;
    std::int64_t open_files_max = 0;
    std::int64_t threads = 0;
    std::int64_t started_at_s = 0;  // Epoch seconds.
};

// Memory alone, for the contract's answer; the rest stays 0.
process_facts process_memory();
process_facts all_process_facts();

}  // namespace mc
