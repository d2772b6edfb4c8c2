#include "services/inventory/actions/steps.hpp"

#include "services/inventory/domain/errors.hpp"
#include "services/inventory/store/items.hpp"

namespace mc::inventory_service::actions
{

refused_hold what_is_missing(snapshot& in, stock_lines const& lines, stock_line const& failed)
{
    using because = refused_hold::because;
    refused_hold missing;
    bool is_own = true;  // Whether this line was put aside already, in this very transaction.
    for (stock_line const& line : lines)
    {
        if (line == failed)
            is_own = false;
        std::optional<item> const known = items::find(in, line.product_id);
        if (!known)
        {
            if (missing.shortages.empty())
                missing.why = because::unknown;
            continue;
        }
        std::int64_t const there = known->available_quantity() + (is_own ? line.quantity : 0);
        std::int64_t const available = known->is_deleted ? 0 : there;
        if (available >= line.quantity)
            continue;
        missing.why = because::refused;
        missing.shortages.push_back({line.product_id, line.quantity, available});
    }
    return missing;
}

result<> give_back(transaction& tx, stock_lines const& lines, timestamp now)
{
    for (stock_line const& line : lines)
        if (!items::give_back(tx, line, now))
            return books_broken("a release", line.product_id);
    return result<>{};
}

result<item> item_of(transaction& tx, actor who, id_of<product> id)
{
    std::optional<item> const found = items::find(tx, id);
    if (!found || found->is_deleted)
        return product_not_found();
    if (!who.is_admin() && found->owner_user_id != who.user_id)
        return not_your_product();
    return *found;
}

}  // namespace mc::inventory_service::actions
