#include "platform/core/ordered_id.hpp"

#include <fmt/format.h>

#include "platform/core/random.hpp"

namespace mc
{

std::string ordered_uuid(timestamp now)
{
    std::string id = uuid_v4();
    std::string const time = fmt::format("{:012x}", epoch_ms(now) & 0xffff'ffff'ffff);
    id.replace(0, 8, time, 0, 8);
    id.replace(9, 4, time, 8, 4);
    return id;
}

}  // namespace mc
