#include "platform/observe/process_facts.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <malloc.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

namespace mc
{

namespace
{

std::string text_of(char const* path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The number in the index-th (from 0) blank-separated field of `text`; 0 when there is none.
std::int64_t field(std::string_view text, std::size_t index) noexcept
{
    std::size_t at = 0;
    for (; index > 0 && at != std::string_view::npos; --index)
        at = text.find(' ', at) == std::string_view::npos ? std::string_view::npos
                                                          : text.find(' ', at) + 1;
    std::int64_t number = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at, text.data() + text.size(), number);
    return number;
}

std::int64_t boot_time_s()
{
    std::string const stat = text_of("/proc/stat");
    std::size_t const at = stat.find("\nbtime ");
    return at == std::string::npos ? 0 : field(std::string_view(stat).substr(at + 1), 1);
}

}  // namespace

process_facts process_memory()
{
    process_facts found;
    std::int64_t const page_bytes = ::sysconf(_SC_PAGESIZE);
    // proc(5): size resident shared …, in pages
    std::string const pages = text_of("/proc/self/statm");
    found.virtual_bytes = field(pages, 0) * page_bytes;
    found.resident_bytes = field(pages, 1) * page_bytes;

    struct mallinfo2 const heap = ::mallinfo2();
    found.heap_total_bytes = static_cast<std::int64_t>(heap.arena + heap.hblkhd);
    found.heap_used_bytes = static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
    return found;
}

process_facts all_process_facts()
{
    process_facts found = process_memory();

    timespec cpu{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    found.cpu_ms = cpu.tv_sec * 1'000 + cpu.tv_nsec / 1'000'000;

    std::error_code failed;
    for (std::filesystem::directory_iterator it("/proc/self/fd", failed), end; !failed && it != end;
         it.increment(failed))
        ++found.open_files;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        found.open_files_max = static_cast<std::int64_t>(limit.rlim_cur);

    // proc(5): fields are counted after the program's name, which ends in ')' and may hold blanks.
    std::string const stat = text_of("/proc/self/stat");
    std::size_t const name_end = stat.rfind(')');
    if (name_end != std::string::npos && name_end + 2 < stat.size())
    {
        // From field 3, "state".
        std::string_view const after = std::string_view(stat).substr(name_end + 2);
        found.threads = field(after, 20 - 3);
        found.started_at_s = boot_time_s() + field(after, 22 - 3) / ::sysconf(_SC_CLK_TCK);
    }
    return found;
}

}  // namespace mc
