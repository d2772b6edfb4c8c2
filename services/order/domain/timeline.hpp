#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/enum.hpp>

#include "platform/core/time.hpp"
#include "services/order/domain/order.hpp"

namespace mc::order_service
{

// What can happen to an order, each at most once. The enumerators' names are the words of the wire
// and of the database.
enum class timeline_step
{
    placed,
    stock_reserved,
    stock_rejected,
    paid,
    shipped,
    stock_confirmed,
    delivered,
    cancelled,
    stock_released
};
BOOST_DESCRIBE_ENUM(timeline_step, placed, stock_reserved, stock_rejected, paid, shipped,
                    stock_confirmed, delivered, cancelled, stock_released)

struct timeline_entry
{
    timeline_step step;
    std::optional<std::string> reason;
    timestamp at;
};

// The step that an order takes by getting this status.
constexpr timeline_step step_of(order_status status) noexcept
{
    using enum order_status;
    switch (status)
    {
    case pending:   return timeline_step::placed;
    case paid:      return timeline_step::paid;
    case shipped:   return timeline_step::shipped;
    case delivered: return timeline_step::delivered;
    case cancelled: return timeline_step::cancelled;
    }
    return timeline_step::placed;
}

// The whole story, oldest first: what was noted of the order, and what its own row says (that it
// was placed, under which hold its stock was reserved, and how it was cancelled), which is noted
// nowhere else.
std::vector<timeline_entry> story_of(order const& of, std::vector<timeline_entry> const& noted);

}  // namespace mc::order_service
