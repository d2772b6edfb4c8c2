#include "platform/core/thread_name.hpp"

#include <array>

#include <pthread.h>

namespace mc
{

void name_this_thread(std::string const& name) noexcept
{
    constexpr std::size_t linux_name_max = 15;
    std::array<char, linux_name_max + 1> cut{};
    name.copy(cut.data(), linux_name_max);
    pthread_setname_np(pthread_self(), cut.data());
}

}  // namespace mc
