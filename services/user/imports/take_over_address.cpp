#include "services/user/imports/take_over_address.hpp"

#include <algorithm>

#include "platform/json/write.hpp"
#include "services/user/imports/country_names.hpp"

namespace mc::user_service::imports
{
namespace
{

// One line of the address; empty when there is nothing in it.
std::string line_of(judged_address& into, std::optional<std::string> const& raw, std::size_t max)
{
    mc::imports::line line = mc::imports::one_line(raw.value_or(""), max);
    bool const is_noted = std::ranges::find(into.mended, address_text.code,
                                            &mc::imports::reason::code) != into.mended.end();
    if ((line.is_cleaned || line.is_cut) && !is_noted)
        into.mended.push_back(address_text);
    return std::move(line.value);
}

std::optional<std::string> optional_line_of(judged_address& into,
                                            std::optional<std::string> const& raw, std::size_t max)
{
    std::string line = line_of(into, raw, max);
    return line.empty() ? std::nullopt : std::optional(std::move(line));
}

void take_lines(judged_address& into, old_address const& old)
{
    address& made = into.made;
    made.label = optional_line_of(into, old.label, address_limits::label);
    made.name = line_of(into, old.receiver_name, address_limits::name);
    made.line1 = line_of(into, old.address_line1, address_limits::line);
    made.line2 = optional_line_of(into, old.address_line2, address_limits::line);
    made.city = line_of(into, old.city, address_limits::city);
    made.region = optional_line_of(into, old.state, address_limits::region);
    made.postal_code = optional_line_of(into, old.postal_code, address_limits::postal_code);
    made.phone = optional_line_of(into, old.phone, address_limits::phone);
    if (made.name.empty())
        into.mended.push_back(receiver_missing);
}

void take_times(judged_address& into, old_address const& old, timestamp now)
{
    address& made = into.made;
    std::optional<timestamp> const at = mc::imports::moment(old.created_at);
    if (!at)
        into.mended.push_back(mc::imports::time_missing);
    made.created_at = at.value_or(now);
    made.updated_at =
        std::max(made.created_at, mc::imports::moment(old.updated_at).value_or(made.created_at));
    bool const is_default = old.is_default_shipping && *old.is_default_shipping != "0";
    made.chosen_at = is_default ? made.updated_at : timestamp{};
}

std::optional<mc::imports::reason> why_not(old_address const& old,
                                           mc::imports::surroundings const& around)
{
    if (old.id <= 0)
        return mc::imports::number_unusable;
    if (old.user_id <= 0)
        return owner_missing;
    if (around.others.contains(old.user_id))
        return mc::imports::owner_is_another;
    if (around.unknown.contains(old.user_id))
        return owner_unknown;
    return std::nullopt;
}

}  // namespace

judged_address judge(old_address const& old, mc::imports::surroundings const& around, timestamp now)
{
    judged_address judged;
    judged.skip = why_not(old, around);
    judged.made.id = id_of<address>(old.id);
    judged.made.user_id = id_of<user>(old.user_id);
    take_lines(judged, old);
    take_times(judged, old, now);
    std::optional<std::string> code = country_code_of(old.country.value_or(""));
    if (judged.skip)
        return judged;
    if (judged.made.line1.empty() || judged.made.city.empty())
        judged.skip = street_missing;
    else if (!code)
        judged.skip = country_unknown;
    else
        judged.made.country = std::move(*code);
    return judged;
}

std::string state_of(old_address const& old)
{
    old_address counts = old;
    counts.updated_at.reset();
    return json::to_text(counts);
}

}  // namespace mc::user_service::imports
