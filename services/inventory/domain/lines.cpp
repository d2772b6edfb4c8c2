#include "services/inventory/domain/lines.hpp"

#include <algorithm>

namespace mc::inventory_service
{

stock_lines summed(stock_lines lines)
{
    std::ranges::sort(lines, {}, &stock_line::product_id);
    stock_lines sums;
    for (stock_line const& line : lines)
        if (!sums.empty() && sums.back().product_id == line.product_id)
            sums.back().quantity += line.quantity;
        else
            sums.push_back(line);
    return sums;
}

}  // namespace mc::inventory_service
