#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

// The table `inventory_items`, as far as it follows the catalogue, and what is told of it.
namespace mc::inventory_service::items
{

// A product as the catalogue knows it.
struct followed_product
{
    id_of<product> id;
    std::string name;
    std::optional<id_of<user>> owner_user_id;
    bool is_deleted = false;
    std::int64_t version = 0;
};

// Makes an item with so many units, all available. False: there is one.
bool open(transaction& tx, followed_product const& from, std::int64_t units, shelf with,
          timestamp now);
// Name, owner and whether it is on offer. False: something as new is known.
bool follow(transaction& tx, followed_product const& now_is);
// Off the catalogue, unless something as new is known.
void take_off(transaction& tx, id_of<product> id, std::int64_t version);
// The first units of an item that was made before its PRODUCT_CREATED was heard.
void add_first_units(transaction& tx, id_of<product> id, std::int64_t units, timestamp now);

// An item whose level was changed since it was told.
struct untold_item
{
    id_of<product> product_id;
    std::int64_t total_quantity = 0;
    std::int64_t reserved_quantity = 0;
    std::int64_t version = 0;
    std::int64_t told_version = 0;
    shelf told_shelf = shelf::plenty;
    level_cause last_cause = level_cause::created;
    std::optional<id_of<user>> owner_user_id;
    std::optional<std::int64_t> low_stock_threshold;
    bool is_deleted = false;
};
bool is_any_untold(snapshot& in);
// Those with a number above `after`, by number.
std::vector<untold_item> untold(snapshot& in, id_of<product> after, std::int64_t rows_max);
// What is told of an item now.
struct telling
{
    untold_item of;
    shelf with;
};
// Compare-and-set on what was told before: of several copies of the service one tells it. False:
// another one was first, with one of them at least.
bool tell(transaction& tx, std::vector<telling> const& all);

}  // namespace mc::inventory_service::items
