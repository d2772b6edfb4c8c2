#include "services/inventory/http/fields.hpp"

#include <limits>

#include <fmt/format.h>

#include "platform/core/id.hpp"

namespace mc::inventory_service
{

std::string tag_of(std::int64_t version) { return fmt::format("\"v{}\"", version); }

std::optional<std::vector<std::int64_t>> versions_named(std::string_view if_match)
{
    if (trimmed(if_match).empty())
        return std::nullopt;
    std::vector<std::int64_t> versions;
    while (!if_match.empty())
    {
        std::size_t const comma = if_match.find(',');
        std::string_view tag = trimmed(if_match.substr(0, comma));
        if_match.remove_prefix(comma == std::string_view::npos ? if_match.size() : comma + 1);
        if (tag == "*")
            return std::nullopt;
        if (tag.starts_with("W/"))
            tag.remove_prefix(2);
        if (!tag.starts_with("\"v") || !tag.ends_with('"') || tag.size() < 4)
            continue;
        if (std::optional<std::int64_t> const version = parse_id(tag.substr(2, tag.size() - 3)))
            versions.push_back(*version);
    }
    return versions;
}

}  // namespace mc::inventory_service

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
