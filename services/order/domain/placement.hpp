#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "services/order/domain/order.hpp"

namespace mc::order_service
{

// A line of the buyer's cart, as the cart service showed it a moment ago.
struct cart_line
{
    id_of<cart_item> id;
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    money unit_price;
    std::int64_t quantity = 0;
    std::int64_t taken = 0;  // Units that earlier orders have already removed from it.
    std::int64_t used = 0;   // Units that orders have paid for out of it, by our own ledger.
};

// How many units of the line may still be bought. Cart shows a line until it has heard of the order
// that emptied it; the ledger knows at once. A ledger row that is purged or missing says less than
// `taken`, which then is the better knowledge.
constexpr std::int64_t left_in(cart_line const& line) noexcept
{
    std::int64_t const used = line.used > line.taken ? line.used : line.taken;
    std::int64_t const unused = line.quantity + line.taken - used;
    return unused < line.quantity ? unused : line.quantity;
}

// What is to be bought: one product of the cart, some units or all that is left; or the whole cart.
struct choice
{
    id_of<product> product_id;
    std::optional<std::int64_t> quantity;
};

struct wanted_line
{
    cart_line from;
    std::int64_t quantity = 0;
};

// The lines that the choice names, none of them empty. A line that is used up is no longer there.
result<std::vector<wanted_line>> choose(std::vector<cart_line> const& cart,
                                        std::optional<choice> const& one_product);

// Whether two choices are of the same lines and quantities.
bool same_lines(std::vector<wanted_line> const& left, std::vector<wanted_line> const& right);

// How many units of a product an order asks inventory for, and what it says when there are fewer.
struct stock_need
{
    id_of<product> product_id;
    std::int64_t quantity = 0;
};
std::vector<stock_need> needs_of(std::vector<wanted_line> const& lines);
struct shortage
{
    id_of<product> product_id;
    std::int64_t requested = 0;
    std::int64_t available = 0;
};

// What inventory knows a placement by: of one idempotency key always the same, so that a repeated
// request finds the units that the first one had held (RFC 9562 §5.5); without a key a new one,
// beside others of its time in inventory's index.
std::string placement_id_of(id_of<user> buyer, std::string_view route,
                            std::optional<std::string> const& key, timestamp now);

// An order is only written while at least this much is left of its hold, so that inventory hears of
// it before the hold lapses.
inline constexpr seconds hold_left_min{5};
constexpr bool is_held_long_enough(steady_time held_until, steady_time now) noexcept
{
    return held_until - now >= hold_left_min;
}

// The pending order of these lines (at least one), without ids. All prices in one currency, the
// total within the contract's highest.
result<order> make_order(id_of<user> buyer, std::vector<wanted_line> const& lines, timestamp now);

}  // namespace mc::order_service
