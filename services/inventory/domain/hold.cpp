#include "services/inventory/domain/hold.hpp"

namespace mc::inventory_service
{
namespace
{

constexpr bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::optional<placement_id> placement_id::from(std::string_view raw)
{
    if (raw.size() != 36)
        return std::nullopt;
    for (std::size_t at = 0; at < raw.size(); ++at)
    {
        bool const is_dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (is_dash ? raw[at] != '-' : !is_hex(raw[at]))
            return std::nullopt;
    }
    placement_id made;
    made.value_ = raw;
    return made;
}

}  // namespace mc::inventory_service
