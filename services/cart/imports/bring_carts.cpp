#include "services/cart/imports/bring_carts.hpp"

#include "contracts/take_over_rows.hpp"
#include "services/cart/imports/take_over_cart.hpp"
#include "services/cart/store/carts.hpp"
#include "services/cart/store/imported_carts.hpp"

namespace mc::cart_service::imports
{
namespace
{

using imported_carts::numbers;
using mc::imports::left_out;
using mc::imports::taken;

struct cart_rows
{
    transaction& tx;
    mc::imports::surroundings const& around;
    timestamp now;
    static constexpr std::string_view name = "cart";

    std::int64_t id_of(old_cart_with_lines const& old) const { return old.row.id; }
    std::string fingerprint_of(old_cart_with_lines const& old) const
    {
        return imported_rows::fingerprint_of(state_of(old));
    }
    judged_cart judge(old_cart_with_lines const& old) const
    {
        return imports::judge(old, around, now);
    }
    taken bring(judged_cart& judged) const;
    taken bring_up_to_date(judged_cart& judged, imported_rows::mark const& before,
                           std::string const& fingerprint) const;
};

taken cart_rows::bring(judged_cart& judged) const
{
    cart const& made = judged.made;
    imported_carts::make_room(tx, made.user_id, made.id);
    imported_carts::added_cart const done = imported_carts::add(tx, made);
    switch (done.what)
    {
    case imported_carts::added::in_use: return left_out(cart_in_use);
    case imported_carts::added::yes:    break;
    }
    if (done.of_lines == numbers::some_new)
        judged.mended.push_back(line_renumbered);
    return made.version;
}

taken cart_rows::bring_up_to_date(judged_cart& judged, imported_rows::mark const& before,
                                  std::string const&) const
{
    cart& made = judged.made;
    std::optional<cart> const found = carts::find(tx, made.user_id);
    if (!found || found->id != made.id || found->version != before.version)
        return left_out(mc::imports::changed_here);
    made.version = found->version + 1;
    made.updated_at = now;
    std::optional<numbers> const done = imported_carts::replace(tx, made);
    if (!done)
        return left_out(mc::imports::changed_here);
    if (*done == numbers::some_new)
        judged.mended.push_back(line_renumbered);
    return made.version;
}

}  // namespace

result<std::vector<mc::imports::verdict>> bring_carts(transaction& tx,
                                                      std::vector<old_cart_with_lines> const& rows,
                                                      mc::imports::surroundings const& around,
                                                      timestamp now)
{
    return mc::imports::take_over_rows(tx, cart_rows{tx, around, now}, rows);
}

}  // namespace mc::cart_service::imports
