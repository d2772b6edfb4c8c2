#pragma once

#include <string>

namespace mc
{

// What `top -H` and a profiler call the calling thread: the first 15 bytes, which is all that Linux
// keeps.
void name_this_thread(std::string const& name) noexcept;

}  // namespace mc
