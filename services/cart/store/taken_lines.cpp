#include "services/cart/store/taken_lines.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "platform/json/describe.hpp"

namespace mc::cart_service::carts
{

namespace
{

// Lines, or carts, of one statement. At a database server the number of statements is what costs;
// CASE looks at its branches one after the other, which bounds it.
constexpr std::size_t at_once = 16;
// Fewer are changed one by one.
constexpr std::size_t many = 3;

#define MC_16_IDS "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
#define MC_4_BRANCHES "WHEN ? THEN ? WHEN ? THEN ? WHEN ? THEN ? WHEN ? THEN ? "
#define MC_BY_ID "CASE id " MC_4_BRANCHES MC_4_BRANCHES MC_4_BRANCHES MC_4_BRANCHES "END"

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
     WHERE i.id IN ()" MC_16_IDS ")"};

constexpr statement touch_carts_sql{"cart.touch_many",
                                    "UPDATE carts SET version = version + 1, updated_at = " MC_BY_ID
                                    " WHERE id IN (" MC_16_IDS ")"};

// In this order: what is left after the first has more than is taken.
constexpr statement remove_many_used_up_sql{"cart.remove_many_used_up",
                                            "DELETE FROM cart_items WHERE id IN (" MC_16_IDS
                                            ") AND quantity <= " MC_BY_ID};
constexpr statement take_out_many_sql{"cart.take_out_many",
                                      "UPDATE cart_items SET quantity = quantity - " MC_BY_ID
                                      ", taken = taken + " MC_BY_ID ", updated_at = " MC_BY_ID
                                      " WHERE id IN (" MC_16_IDS ") AND quantity > " MC_BY_ID};

#undef MC_16_IDS
#undef MC_4_BRANCHES
#undef MC_BY_ID

struct line_row
{
    id_of<cart_item> line;
    id_of<cart> in;
    id_of<user> owner;
};
MC_DESCRIBE(line_row, line, in, owner)

// An id and what becomes of its row: a branch of a CASE.
struct branch
{
    std::int64_t id;
    std::int64_t value;
};
MC_DESCRIBE(branch, id, value)

// The values of some elements, at_once of them: the last one stands for those that are missing, for
// IN does not mind and CASE takes the first branch that fits.
template <class From, class Of>
auto filled(std::span<From const> some, Of of) -> std::array<decltype(of(some[0])), at_once>
{
    std::array<decltype(of(some[0])), at_once> all;
    for (std::size_t at = 0; at < at_once; ++at)
        all[at] = of(some[std::min(at, some.size() - 1)]);
    return all;
}

template <class T, class Use>
void in_portions(std::vector<T> const& all, Use use)
{
    for (std::size_t at = 0; at < all.size(); at += at_once)
        use(std::span(all).subspan(at, std::min(at_once, all.size() - at)));
}

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
                [&](std::span<taken_line const> some)
                {
                    for (line_row const& row : tx.list<line_row>(
                             carts_of_lines_sql,
                             filled(some, [](taken_line const& each) { return each.line; })))
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
    std::vector<branch> carts;
    for (auto const& [id, at] : touched)
        carts.push_back({id.value, epoch_ms(at)});
    auto const id_of_branch = [](branch const& each) { return each.id; };
    auto const itself = [](branch const& each) { return each; };
    in_portions(carts, [&](std::span<branch const> some)
                { tx.execute(touch_carts_sql, filled(some, itself), filled(some, id_of_branch)); });
    in_portions(lines,
                [&](std::span<taken_line const> some)
                {
                    auto const ids = filled(some, [](taken_line const& each) { return each.line; });
                    auto const taken = filled(some, [](taken_line const& each)
                                              { return branch{each.line.value, each.quantity}; });
                    auto const at = filled(some, [](taken_line const& each)
                                           { return branch{each.line.value, epoch_ms(each.at)}; });
                    tx.execute(remove_many_used_up_sql, ids, taken);
                    tx.execute(take_out_many_sql, taken, taken, at, ids, taken);
                });
}

}  // namespace mc::cart_service::carts
