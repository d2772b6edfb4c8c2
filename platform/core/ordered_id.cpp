#include "platform/core/ordered_id.hpp"

#include <cstdint>
#include <string_view>

#include "platform/core/random.hpp"

namespace mc
{

namespace
{

constexpr std::size_t time_end = 13;  // Twelve digits and a dash.

}  // namespace

std::string ordered_uuid(timestamp now)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id = uuid_v4();
    std::uint64_t left = static_cast<std::uint64_t>(epoch_ms(now));
    for (std::size_t at = time_end; at-- > 0;)
        if (id[at] != '-')
        {
            id[at] = digits[left & 0xFU];
            left >>= 4U;
        }
    return id;
}

}  // namespace mc
