#pragma once

#include <cstdint>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"

namespace mc::inventory_service
{

// So many units of a product: a line of a hold or an order.
struct stock_line
{
    id_of<product> product_id;
    std::int64_t quantity = 0;

    friend bool operator==(stock_line const&, stock_line const&) = default;
};
using stock_lines = std::vector<stock_line>;

// A line that there is too little for.
struct shortage
{
    id_of<product> product_id;
    std::int64_t requested = 0;
    std::int64_t available = 0;
};

// One line per product, in the order of their numbers: the order in which rows are taken.
stock_lines summed(stock_lines lines);

}  // namespace mc::inventory_service
