#pragma once

#include <string>
#include <string_view>

#include "services/inventory/domain/lines.hpp"

namespace mc::inventory_service
{

// Lines as a column keeps them: [{"productId":1,"quantity":2}]. Equal lines are equal texts.
std::string text_of(stock_lines const& lines);
// The other way. std::logic_error: the row is damaged.
stock_lines lines_in(std::string_view text);

}  // namespace mc::inventory_service
