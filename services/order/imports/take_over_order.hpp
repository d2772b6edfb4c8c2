#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/imports.hpp"
#include "services/order/domain/order.hpp"
#include "services/order/imports/old_order.hpp"

namespace mc::order_service::imports
{

inline constexpr std::size_t product_name_max = 180;  // Code points: the contract's column.
inline constexpr std::size_t image_url_max = 1000;

// Why an order cannot be brought in. An order is a record: what does not add up is left to people.
inline constexpr mc::imports::reason owner_missing{"owner_missing", "it does not say whose it is"};
inline constexpr mc::imports::reason status_unknown{"status_unknown", "its status is none of ours"};
inline constexpr mc::imports::reason currency_unknown{"currency_unknown",
                                                      "its currency is no ISO 4217 code"};
inline constexpr mc::imports::reason no_items{"no_items", "nothing was ordered with it"};
inline constexpr mc::imports::reason item_quantity{
    "item_quantity", "a quantity in it is no number from 1 to 4294967295"};
inline constexpr mc::imports::reason item_product{"item_product",
                                                  "an item of it does not say of which product"};
inline constexpr mc::imports::reason amount_unreadable{
    "amount_unreadable",
    "an amount in it is no amount of its currency from 0 to the highest total"};
inline constexpr mc::imports::reason line_total_wrong{
    "line_total_wrong", "a line of it does not cost its quantity times its price"};
inline constexpr mc::imports::reason total_wrong{"total_wrong",
                                                 "its total is not the sum of its lines"};

// What is mended.
inline constexpr mc::imports::reason item_text{
    "item_text", "the name or the picture of an item was cut or cleaned"};
inline constexpr mc::imports::reason cancelled_when{
    "cancelled_when",
    "it is cancelled and does not say since when; the time of its last change is taken"};
inline constexpr mc::imports::reason item_renumbered{
    "item_renumbered", "an item has another number, because its own is that of an item made here"};

struct judged_order
{
    std::optional<mc::imports::reason> skip;
    std::vector<mc::imports::reason> mended = {};
    order made = {};  // Version 1; its items have their numbers there.
};
judged_order judge(old_order_with_items const& old, mc::imports::surroundings const& around,
                   timestamp now);

// What of the old order counts when it is compared with itself later.
std::string state_of(old_order_with_items const& old);

}  // namespace mc::order_service::imports
