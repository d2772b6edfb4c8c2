#include "services/inventory/actions/hold_many.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/items.hpp"

namespace mc::inventory_service::actions
{
namespace
{

stock_lines all_lines(batch_of<wanted_hold> all)
{
    stock_lines lines;
    for (auto const& [wanted, call] : all)
        lines.insert(lines.end(), wanted.lines.begin(), wanted.lines.end());
    return summed(std::move(lines));
}

// All lines or none.
bool take(items::units& left, stock_lines const& lines)
{
    auto const is_enough = [&](stock_line const& line)
    {
        auto const found = left.find(line.product_id);
        return found != left.end() && found->second >= line.quantity;
    };
    if (!std::ranges::all_of(lines, is_enough))
        return false;
    for (stock_line const& line : lines)
        left.at(line.product_id) -= line.quantity;
    return true;
}

}  // namespace

std::vector<std::optional<held_stock>> hold_many(transaction& tx, batch_of<wanted_hold> all)
{
    items::units left = items::available_of(tx, all_lines(all));
    std::vector<std::optional<held_stock>> answers;
    std::set<std::string_view> named;
    std::vector<holds::new_hold> made;
    stock_lines taken;
    timestamp latest;
    for (auto const& [wanted, call] : all)
    {
        answers.emplace_back();
        // Of one placement the first may be served, and the others ask again.
        if (!named.insert(wanted.placement.value()).second || !take(left, wanted.lines))
            continue;
        made.push_back(
            {{wanted.placement, hold_state::held, wanted.until, wanted.lines}, wanted.now});
        taken.insert(taken.end(), wanted.lines.begin(), wanted.lines.end());
        latest = std::max(latest, wanted.now);
        answers.back() = {hold_state::held, wanted.until, holding::begun};
    }
    if (!holds::add_all(tx, std::move(made)))
        throw batch_undone("a placement has asked before");
    if (!items::hold_all(tx, summed(std::move(taken)), latest))
        throw batch_undone("somebody else has taken the units");
    return answers;
}

}  // namespace mc::inventory_service::actions
