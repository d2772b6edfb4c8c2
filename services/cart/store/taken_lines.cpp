#include "services/cart/store/taken_lines.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"

namespace mc::cart_service::carts
{

namespace
{

constexpr statement touch_cart_sql{"cart.touch", R"(
    UPDATE carts SET updated_at = ?, version = version + 1
     WHERE user_id = ? AND id = (SELECT cart_id FROM cart_items WHERE id = ?)
)"};

constexpr statement take_out_sql{"cart.take_out", R"(
    UPDATE cart_items SET quantity = quantity - ?, taken = taken + ?, updated_at = ?
     WHERE id = ? AND quantity > ?
)"};

constexpr statement remove_used_up_sql{"cart.remove_used_up", R"(
    DELETE FROM cart_items WHERE id = ?
)"};

constexpr statement carts_of_lines_sql{"cart.of_lines", R"(
    SELECT i.id, c.id, c.user_id
      FROM cart_items i JOIN carts c ON c.id = i.cart_id
     WHERE i.id IN ()" MC_16_MARKS ")"};

#define MC_BY_ID "CASE id " MC_16_BRANCHES "END"
constexpr statement touch_carts_sql{"cart.touch_many",
                                    "UPDATE carts SET version = version + 1, updated_at = " MC_BY_ID
                                    " WHERE id IN (" MC_16_MARKS ")"};

// In this order: what is left after the first has more than is taken.
constexpr statement remove_many_used_up_sql{"cart.remove_many_used_up",
                                            "DELETE FROM cart_items WHERE id IN (" MC_16_MARKS
                                            ") AND quantity <= " MC_BY_ID};
constexpr statement take_out_many_sql{"cart.take_out_many",
                                      "UPDATE cart_items SET quantity = quantity - " MC_BY_ID
                                      ", taken = taken + " MC_BY_ID ", updated_at = " MC_BY_ID
                                      " WHERE id IN (" MC_16_MARKS ") AND quantity > " MC_BY_ID};
#undef MC_BY_ID

struct line_row
{
    id_of<cart_item> line;
    id_of<cart> in;
    id_of<user> owner;
};
MC_DESCRIBE(line_row, line, in, owner)

using portion = std::span<taken_line const>;
using touched_cart = branch<id_of<cart>, timestamp>;

id_of<cart> id_of_cart(touched_cart const& each) { return each.when; }
id_of<cart_item> id_of_line(taken_line const& each) { return each.line; }
branch<id_of<cart_item>, std::int64_t> quantity_of(taken_line const& each)
{
    return {each.line, each.quantity};
}
branch<id_of<cart_item>, timestamp> time_of(taken_line const& each) { return {each.line, each.at}; }

void take_out_one(transaction& tx, taken_line const& of)
{
    // First, as `save` does: where many write at once, who changes the same cart waits here, and
    // nobody adds to the line between this and what follows. No cart of the buyer's holds the line:
    // it was removed meanwhile.
    if (tx.execute(touch_cart_sql, of.at, of.buyer, of.line) == 0)
        return;
    if (tx.execute(take_out_sql, of.quantity, of.quantity, of.at, of.line, of.quantity) == 0)
        tx.execute(remove_used_up_sql, of.line);
}

// One for each line, with all that is taken out of it.
std::vector<taken_line> summed(std::vector<taken_line> lines)
{
    std::ranges::sort(lines, {}, [](taken_line const& each)
                      { return std::pair(each.line.value, each.buyer.value); });
    std::vector<taken_line> sums;
    for (taken_line const& each : lines)
    {
        if (sums.empty() || sums.back().line != each.line || sums.back().buyer != each.buyer)
        {
            sums.push_back(each);
            continue;
        }
        sums.back().quantity += each.quantity;
        sums.back().at = std::max(sums.back().at, each.at);
    }
    return sums;
}

// The carts that hold them, and when each was changed last. Lines that are in no cart of their
// buyer's go from `lines`.
std::map<id_of<cart>, timestamp> carts_of(transaction& tx, std::vector<taken_line>& lines)
{
    std::map<id_of<cart_item>, line_row> known;
    in_portions(lines,
                [&](portion some)
                {
                    for (line_row const& row :
                         tx.list<line_row>(carts_of_lines_sql, filled(some, id_of_line)))
                        known.emplace(row.line, row);
                });
    std::map<id_of<cart>, timestamp> touched;
    std::erase_if(lines,
                  [&](taken_line const& each)
                  {
                      auto const row = known.find(each.line);
                      if (row == known.end() || row->second.owner != each.buyer)
                          return true;
                      auto const [cart, is_new] = touched.try_emplace(row->second.in, each.at);
                      cart->second = std::max(cart->second, each.at);
                      return false;
                  });
    return touched;
}

}  // namespace

void take_out(transaction& tx, std::vector<taken_line> lines)
{
    if (lines.size() < many)
    {
        for (taken_line const& each : lines)
            take_out_one(tx, each);
        return;
    }
    lines = summed(std::move(lines));
    std::map<id_of<cart>, timestamp> const touched = carts_of(tx, lines);
    std::vector<touched_cart> carts;
    for (auto const& [id, at] : touched)
        carts.push_back({id, at});
    in_portions(
        carts, [&](std::span<touched_cart const> some)
        { tx.execute(touch_carts_sql, filled(some, std::identity{}), filled(some, id_of_cart)); });
    in_portions(lines,
                [&](portion some)
                {
                    auto const ids = filled(some, id_of_line);
                    auto const taken = filled(some, quantity_of);
                    tx.execute(remove_many_used_up_sql, ids, taken);
                    tx.execute(take_out_many_sql, taken, taken, filled(some, time_of), ids, taken);
                });
}

}  // namespace mc::cart_service::carts
