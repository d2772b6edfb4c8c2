#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/imports.hpp"
#include "services/cart/domain/cart.hpp"
#include "services/cart/imports/old_cart.hpp"

namespace mc::cart_service::imports
{

inline constexpr std::size_t product_name_max = 180;  // Code points: the contract's column.
inline constexpr std::size_t image_url_max = 1000;

// Why a cart cannot be brought in.
inline constexpr mc::imports::reason not_active{"not_active", "its status is not active"};
inline constexpr mc::imports::reason owner_unknown{"owner_unknown",
                                                   "there is no account with its owner's number"};
inline constexpr mc::imports::reason currency_unknown{"currency_unknown",
                                                      "its currency is no ISO 4217 code"};
inline constexpr mc::imports::reason cart_in_use{
    "cart_in_use", "its owner has filled a cart here already, or another cart here has its number"};

// What is mended. A line is left out, the rest of the cart is brought.
inline constexpr mc::imports::reason line_quantity{
    "line_quantity", "a line was left out: its quantity is no number from 1 to 4294967295"};
inline constexpr mc::imports::reason line_price{
    "line_price", "a line was left out: its price is no positive amount in the cart's currency"};
inline constexpr mc::imports::reason line_product{
    "line_product", "a line was left out: its product is not offered any more"};
inline constexpr mc::imports::reason line_repriced{
    "line_repriced",
    "a line's price follows its product, which is priced in another currency than the line was"};
inline constexpr mc::imports::reason line_currency{
    "line_currency",
    "a line was left out: its product is priced in another currency than the rest"};
inline constexpr mc::imports::reason line_text{
    "line_text", "the name or the picture of a line was cut or cleaned"};
inline constexpr mc::imports::reason lines_too_many{"lines_too_many",
                                                    "lines after the 100th were left out"};
inline constexpr mc::imports::reason total_too_large{
    "total_too_large", "a line was left out: with it the cart is above the highest total"};
inline constexpr mc::imports::reason line_renumbered{
    "line_renumbered", "a line has another number, because its own is that of a line made here"};

struct judged_cart
{
    std::optional<mc::imports::reason> skip;
    std::vector<mc::imports::reason> mended = {};
    cart made = {};  // Version 1; its lines have their numbers there.
};
judged_cart judge(old_cart_with_lines const& old, mc::imports::surroundings const& around,
                  timestamp now);

// What of the old cart counts when it is compared with itself later.
std::string state_of(old_cart_with_lines const& old);

}  // namespace mc::cart_service::imports
