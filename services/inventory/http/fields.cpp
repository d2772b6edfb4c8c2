#include "services/inventory/http/fields.hpp"

#include <limits>

#include <fmt/format.h>

namespace mc::json
{

using inventory_service::quantity_max;
using inventory_service::total_quantity;

void codec<total_quantity>::read(reader& from, total_quantity& into)
{
    std::optional<std::int64_t> const number =
        from.integer(0, std::numeric_limits<std::int64_t>::max());
    if (!number)
        return;
    auto const made = total_quantity::from(*number);
    if (made)
    {
        static_cast<bounded<0, quantity_max>&>(into) = *made;
        return;
    }
    std::string const sentence = fmt::format("totalQuantity must be at most {}", quantity_max);
    std::string_view const usual = from.exchange_message(sentence);
    from.refuse("max", sentence);
    from.exchange_message(usual);
}

}  // namespace mc::json
