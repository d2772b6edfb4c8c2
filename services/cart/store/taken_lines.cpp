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
    SELECT i.id, i.quantity, c.id, c.user_id
      FROM cart_items i JOIN carts c ON c.id = i.cart_id
     WHERE i.id IN ()" MC_64_MARKS ")"};

#define MC_BY_ID "CASE id " MC_16_BRANCHES "END"
#define MC_BY_MORE_IDS "CASE id " MC_64_BRANCHES "END"
constexpr statement touch_carts_sql{"cart.touch_many",
                                    "UPDATE carts SET version = version + 1, updated_at = " MC_BY_ID
                                    " WHERE id IN (" MC_16_MARKS ")"};
constexpr statement touch_more_sql{
    "cart.touch_more", "UPDATE carts SET version = version + 1, updated_at = " MC_BY_MORE_IDS
                       " WHERE id IN (" MC_64_MARKS ")"};

constexpr statement remove_many_used_up_sql{"cart.remove_many_used_up",
                                            "DELETE FROM cart_items WHERE id IN (" MC_16_MARKS
                                            ") AND quantity <= " MC_BY_ID};
constexpr statement remove_more_used_up_sql{"cart.remove_more_used_up",
                                            "DELETE FROM cart_items WHERE id IN (" MC_64_MARKS
                                            ") AND quantity <= " MC_BY_MORE_IDS};

constexpr statement take_out_many_sql{"cart.take_out_many",
                                      "UPDATE cart_items SET quantity = quantity - " MC_BY_ID
                                      ", taken = taken + " MC_BY_ID ", updated_at = " MC_BY_ID
                                      " WHERE id IN (" MC_16_MARKS ") AND quantity > " MC_BY_ID};
constexpr statement take_out_more_sql{
    "cart.take_out_more", "UPDATE cart_items SET quantity = quantity - " MC_BY_MORE_IDS
                          ", taken = taken + " MC_BY_MORE_IDS ", updated_at = " MC_BY_MORE_IDS
                          " WHERE id IN (" MC_64_MARKS ") AND quantity > " MC_BY_MORE_IDS};
#undef MC_BY_ID
#undef MC_BY_MORE_IDS

struct line_row
{
    id_of<cart_item> line;
    std::int64_t quantity;
    id_of<cart> in;
    id_of<user> owner;
};
MC_DESCRIBE(line_row, line, quantity, in, owner)

// What is to be done to lines and carts, as they were read.
struct taking_out
{
    std::vector<taken_line> used_up;
    std::vector<taken_line> left;            // Of which some units are.
    std::map<id_of<cart>, timestamp> carts;  // That hold them, and when each is changed last.
};

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

// Lines that are in no cart of their buyer's are in none of it.
taking_out plan_of(snapshot& in, std::vector<taken_line> const& lines)
{
    std::map<id_of<cart_item>, line_row> known;
    in_portions<more_at_once>(
        lines,
        [&](portion some)
        {
            for (line_row const& row :
                 in.list<line_row>(carts_of_lines_sql, filled<more_at_once>(some, id_of_line)))
                known.emplace(row.line, row);
        });
    taking_out plan;
    for (taken_line const& each : lines)
    {
        auto const row = known.find(each.line);
        if (row == known.end() || row->second.owner != each.buyer)
            continue;
        (row->second.quantity > each.quantity ? plan.left : plan.used_up).push_back(each);
        auto const [cart, is_new] = plan.carts.try_emplace(row->second.in, each.at);
        cart->second = std::max(cart->second, each.at);
    }
    return plan;
}

template <std::size_t AtOnce>
std::int64_t touch(transaction& tx, statement const& how, std::span<touched_cart const> some)
{
    return tx.execute(how, filled<AtOnce>(some, std::identity{}), filled<AtOnce>(some, id_of_cart));
}

template <std::size_t AtOnce>
std::int64_t remove_used_up(transaction& tx, statement const& how, portion some)
{
    return tx.execute(how, filled<AtOnce>(some, id_of_line), filled<AtOnce>(some, quantity_of));
}

template <std::size_t AtOnce>
std::int64_t take_some_out(transaction& tx, statement const& how, portion some)
{
    auto const taken = filled<AtOnce>(some, quantity_of);
    return tx.execute(how, taken, taken, filled<AtOnce>(some, time_of),
                      filled<AtOnce>(some, id_of_line), taken);
}

}  // namespace

bool take_out(transaction& tx, std::vector<taken_line> lines)
{
    if (lines.size() < many)
    {
        for (taken_line const& each : lines)
            take_out_one(tx, each);
        return true;
    }
    taking_out const plan = plan_of(tx, summed(std::move(lines)));
    std::vector<touched_cart> carts;
    for (auto const& [id, at] : plan.carts)
        carts.push_back({id, at});
    std::int64_t found = 0;
    in_portions<more_at_once>(carts,
                              [&](std::span<touched_cart const> some)
                              {
                                  some.size() > many_at_once
                                      ? touch<more_at_once>(tx, touch_more_sql, some)
                                      : touch<many_at_once>(tx, touch_carts_sql, some);
                              });
    in_portions<more_at_once>(
        plan.used_up,
        [&](portion some)
        {
            found += some.size() > many_at_once
                         ? remove_used_up<more_at_once>(tx, remove_more_used_up_sql, some)
                         : remove_used_up<many_at_once>(tx, remove_many_used_up_sql, some);
        });
    in_portions<more_at_once>(
        plan.left,
        [&](portion some)
        {
            found += some.size() > many_at_once
                         ? take_some_out<more_at_once>(tx, take_out_more_sql, some)
                         : take_some_out<many_at_once>(tx, take_out_many_sql, some);
        });
    return found == std::ssize(plan.used_up) + std::ssize(plan.left);
}

}  // namespace mc::cart_service::carts
