#include "platform/events/subscriptions.hpp"

#include <algorithm>
#include <utility>

namespace mc
{

void subscription_table::add(subscription listens) { rows_.push_back(std::move(listens)); }

std::vector<subscription const*> subscription_table::find(std::string_view type,
                                                          std::int64_t version) const
{
    std::vector<subscription const*> found;
    for (subscription const& row : rows_)
        if (row.type.name == type && row.type.version == version)
            found.push_back(&row);
    return found;
}

bool subscription_table::knows(std::string_view type) const
{
    return std::ranges::any_of(rows_,
                               [&](subscription const& row) { return row.type.name == type; });
}

std::vector<std::string> subscription_table::topics() const
{
    std::vector<std::string> names;
    for (subscription const& row : rows_)
        if (std::ranges::find(names, row.type.topic) == names.end())
            names.emplace_back(row.type.topic);
    return names;
}

}  // namespace mc
