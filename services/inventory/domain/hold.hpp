#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/enum.hpp>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/text.hpp"
#include "platform/core/time.hpp"
#include "services/inventory/domain/lines.hpp"

namespace mc::inventory_service
{

inline constexpr std::size_t hold_lines_max = 100;
inline constexpr std::int64_t hold_seconds_max = 86'400;
// Ended holds are remembered so long: far longer than anybody asks for one again.
inline constexpr milliseconds ended_holds_kept_for = std::chrono::days(7);

// A UUID in lower case, as the order service mints it.
struct placement_id : text<36, 36>
{
    static constexpr std::string_view message = "Invalid placementId";
    static std::optional<placement_id> from(std::string_view raw);
};

//     held ──▶ taken      by ORDER_CREATED
//       │ ──▶ released    by the order service, and for ever
//       └───▶ lapsed      by itself; may be held again
enum class hold_state
{
    held,
    taken,
    released,
    lapsed
};
BOOST_DESCRIBE_ENUM(hold_state, held, taken, released, lapsed)

struct hold
{
    placement_id placement;
    hold_state state = hold_state::held;
    timestamp held_until;
    stock_lines lines;  // Summed.
};

// What inventory makes of an order. Recorded per order, so that each of its events is in effect
// once, in whatever order they come.
enum class order_state
{
    reserved,
    rejected,  // Too little stock when it was heard of.
    released,  // Cancelled.
    confirmed  // Shipped: the units have left the house.
};
BOOST_DESCRIBE_ENUM(order_state, reserved, rejected, released, confirmed)

enum class reservation_status
{
    active,
    released,
    confirmed
};
BOOST_DESCRIBE_ENUM(reservation_status, active, released, confirmed)

// Units of one product that belong to an order.
struct reservation
{
    id_of<reservation> id;
    id_of<order> order_id;
    id_of<product> product_id;
    std::int64_t quantity = 0;
    reservation_status status = reservation_status::active;
    std::optional<timestamp> expires_at;  // The order's; only shown.
    std::optional<std::string> release_reason;
    timestamp created_at;
    timestamp updated_at;
};

}  // namespace mc::inventory_service
