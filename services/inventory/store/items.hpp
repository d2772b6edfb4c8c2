#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/row_window.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"
#include "services/inventory/domain/lines.hpp"

// The table `inventory_items`. Every change of a level is one guarded statement, also raises the
// version, and leaves the item to be told (see untold).
namespace mc::inventory_service::items
{

std::optional<item> find(snapshot& in, id_of<product> id);

// How many units of a product can be had.
using units = std::map<id_of<product>, std::int64_t>;
// Of the products of these lines. One that is deleted or not known is not among them.
units available_of(snapshot& in, stock_lines const& lines);

// Puts units aside. False: there are too few, the product is deleted or not known.
bool hold(transaction& tx, stock_line const& line, timestamp now);
// The same for the lines (summed) of many holds, which are one change of each product: its version
// grows by one. False: of one product at least it cannot be; what was done is to be undone.
bool hold_all(transaction& tx, stock_lines const& lines, timestamp now);
// Gives reserved units back. False: fewer are reserved, and the books are wrong.
bool give_back(transaction& tx, stock_line const& line, timestamp now);
// Reserved units leave the house. False: as give_back.
bool ship(transaction& tx, stock_line const& line, timestamp now);
// Units that nobody reserved leave the house. False: there are too few.
bool ship_unreserved(transaction& tx, stock_line const& line, timestamp now);

// Compare-and-set on the total before; not below what is reserved, not of a deleted product.
bool set_total(transaction& tx, item const& before, std::int64_t total, timestamp now);
// The same, and nothing else has changed either.
bool set_total_at_version(transaction& tx, item const& before, std::int64_t total, timestamp now);
// By so many; not below what is reserved, not above quantity_max, not of a deleted product.
bool adjust(transaction& tx, id_of<product> id, std::int64_t delta, timestamp now);

// Which items a list shows; an empty member does not narrow.
struct filter
{
    std::optional<id_of<user>> owner;
    std::optional<bool> is_low;
    std::optional<std::string> part;  // Of the name, or the whole product number.
    std::int64_t low_stock_threshold = 0;
};
struct item_list
{
    std::vector<item> rows;
    std::int64_t total = 0;
};
// Those of products on offer, by number.
item_list list(snapshot& in, filter by, row_window rows);

void set_threshold(transaction& tx, item const& of, std::optional<std::int64_t> threshold,
                   shelf silently);

}  // namespace mc::inventory_service::items
