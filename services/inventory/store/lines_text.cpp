#include "services/inventory/store/lines_text.hpp"

#include <stdexcept>

#include "platform/json/read.hpp"
#include "platform/json/write.hpp"
#include "services/inventory/store/rows.hpp"

namespace mc::inventory_service
{
namespace
{

// Orders of foreign producers may have more lines than a hold.
constexpr json::read_options reading{.array_max = 10'000};

}  // namespace

std::string text_of(stock_lines const& lines) { return json::to_text(lines); }

stock_lines lines_in(std::string_view text)
{
    result<stock_lines> read = json::parse<stock_lines>(text, reading);
    if (!read)
        throw std::logic_error("inventory: lines are no lines: " + read.error().message);
    return std::move(*read);
}

}  // namespace mc::inventory_service
