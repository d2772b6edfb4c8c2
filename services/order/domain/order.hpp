#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/enum.hpp>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"

// `order` and `order_item` stand in mc itself, because they are also the tags of ids that every
// service knows: id_of<order> (contracts/ids.hpp).
namespace mc
{

namespace order_service
{

// The enumerators' names are the words of the wire, of the database and of refusals.
enum class order_status
{
    pending,
    paid,
    shipped,
    delivered,
    cancelled
};
BOOST_DESCRIBE_ENUM(order_status, pending, paid, shipped, delivered, cancelled)

// Why an order ended without being delivered.
enum class cancel_reason
{
    customer,
    admin,
    expired,            // Nobody paid in time.
    insufficient_stock  // Inventory had too few units when it heard of the order.
};
BOOST_DESCRIBE_ENUM(cancel_reason, customer, admin, expired, insufficient_stock)

inline constexpr std::int64_t order_quantity_max = 4'294'967'295;
inline constexpr std::size_t order_lines_max = 100;

}  // namespace order_service

// One product of an order, as it was when it was bought: later changes of the catalogue do not
// reach it.
struct order_item
{
    id_of<order_item> id;
    std::optional<id_of<cart_item>> cart_item_id;  // The cart line that paid for it, if one did.
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    std::int64_t quantity = 0;
    money unit_price;
    money line_total;
    timestamp created_at;
};

struct order
{
    id_of<order> id;
    id_of<user> user_id;
    order_service::order_status status = order_service::order_status::pending;
    money total;  // The sum of the lines, in the one currency they share.
    std::optional<order_service::cancel_reason> cancelled_because;
    std::optional<timestamp> cancelled_at;
    // Under which inventory holds its units; empty: inventory was not asked.
    std::optional<std::string> placement_id;
    std::optional<timestamp> expires_at;  // Still pending then, it is cancelled. Empty: never.
    // Where it goes to, if its buyer said so: a contracts::postal_address as JSON, as it was when
    // the order was placed. No rule looks into it. Erased with the buyer's account.
    std::optional<std::string> ships_to;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version = 1;  // Grows by one with each change.
    std::vector<order_item> items;
};

namespace order_service
{

// The whole life of an order. No `default`: a new status does not compile until it is placed here.
constexpr bool may_become(order_status from, order_status to) noexcept
{
    using enum order_status;
    switch (from)
    {
    case pending:   return to == paid || to == cancelled;
    case paid:      return to == shipped || to == cancelled;
    case shipped:   return to == delivered;
    case delivered:
    case cancelled: return false;
    }
    return false;
}

// "pending" and so on.
std::string_view word_of(order_status status) noexcept;

// The status an admin names, blanks and case aside. Nothing goes back to pending.
result<order_status> status_an_admin_may_set(std::string_view word);

// The order after its owner, or an admin in the owner's place, cancels it: only while it is
// pending. An order that is cancelled already comes back unchanged.
result<order> cancel(order placed, cancel_reason why, timestamp now);

// Until when an order placed now may wait for its payment; a time of 0: for ever.
std::optional<timestamp> expiry_of(timestamp placed, seconds payment_time) noexcept;

// The order after nobody paid in time; nothing unless it is pending and its time is over. Being
// late is no reason by itself: whoever changes a due order first, a payment too, wins.
std::optional<order> expire(order placed, timestamp now);

// The order after inventory had too few units for it: it ends if it is pending or paid. Nothing
// when it is too late for that: what is shipped is shipped.
std::optional<order> reject_for_stock(order placed, timestamp now);

// The order after an admin moves it along. The same status again comes back unchanged.
result<order> move_to(order placed, order_status to, timestamp now);

}  // namespace order_service
}  // namespace mc
