#include "services/order/domain/timeline.hpp"

#include <algorithm>
#include <utility>

#include <boost/describe/enum_to_string.hpp>

namespace mc::order_service
{

std::vector<timeline_entry> story_of(order const& of, std::vector<timeline_entry> const& noted)
{
    std::vector<timeline_entry> story = noted;
    story.push_back({timeline_step::placed, std::nullopt, of.created_at});
    // Inventory held its units before it was written. STOCK_REJECTED says that they were lost
    // since.
    bool const is_noted =
        std::ranges::any_of(noted,
                            [](timeline_entry const& each)
                            {
                                return each.step == timeline_step::stock_reserved ||
                                       each.step == timeline_step::stock_rejected;
                            });
    if (of.placement_id && !is_noted)
        story.push_back({timeline_step::stock_reserved, std::nullopt, of.created_at});
    if (of.cancelled_at && of.cancelled_because)
        story.push_back({timeline_step::cancelled,
                         boost::describe::enum_to_string(*of.cancelled_because, ""),
                         *of.cancelled_at});
    // At the same moment what comes first in a life comes first: clocks of several machines, and of
    // tests, may stand still.
    std::ranges::sort(story, [](timeline_entry const& one, timeline_entry const& other)
                      { return std::pair(one.at, one.step) < std::pair(other.at, other.step); });
    return story;
}

}  // namespace mc::order_service
