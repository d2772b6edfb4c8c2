#pragma once

#include <cstdint>
#include <vector>

#include "platform/db/snapshot.hpp"
#include "services/cart/imports/old_cart.hpp"
#include "services/order/imports/old_order.hpp"
#include "services/product/imports/old_catalogue.hpp"
#include "services/user/imports/old_address.hpp"
#include "services/user/imports/old_user.hpp"

// What is read of the Node.js system's four schemas: the next rows after a number, by number, so
// that however many there are, no more than a batch is in memory. Amounts are read as text, so that
// no DECIMAL becomes a double; UNIX_TIMESTAMP makes a moment of TIMESTAMP columns and, by the
// session's time zone, of DATETIME columns.
namespace mc::app::import_node
{

std::vector<user_service::imports::old_user> users_after(snapshot& in, std::int64_t id,
                                                         std::int64_t max);
std::vector<product_service::imports::old_category> categories_after(snapshot& in, std::int64_t id,
                                                                     std::int64_t max);
std::vector<product_service::imports::old_product_with_images> products_after(snapshot& in,
                                                                              std::int64_t id,
                                                                              std::int64_t max);
std::vector<cart_service::imports::old_cart_with_lines> carts_after(snapshot& in, std::int64_t id,
                                                                    std::int64_t max);
std::vector<order_service::imports::old_order_with_items> orders_after(snapshot& in,
                                                                       std::int64_t id,
                                                                       std::int64_t max);

// The highest number of an account that the schema tells of; 0 when it tells of none.
std::int64_t highest_user(snapshot& in);
std::int64_t highest_cart_owner(snapshot& in);
std::int64_t highest_buyer(snapshot& in);

// Whether there is a table of addresses; an early version of the schema has none.
bool has_addresses(snapshot& in);
std::vector<user_service::imports::old_address> addresses_after(snapshot& in, std::int64_t id,
                                                                std::int64_t max);

}  // namespace mc::app::import_node
