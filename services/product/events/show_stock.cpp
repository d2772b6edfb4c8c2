#include "services/product/events/show_stock.hpp"

#include <map>
#include <vector>

#include "services/product/store/products.hpp"

namespace mc::product_service
{

result<> show_stock(transaction& tx, no_deps&,
                    std::span<told<contracts::stock_level_changed> const> levels)
{
    std::map<std::int64_t, products::told_stock> newest;
    for (told<contracts::stock_level_changed> const& each : levels)
    {
        contracts::stock_level_changed const& level = each.event;
        products::told_stock const now{level.product_id, level.available_quantity, level.version};
        auto const [known, is_first] = newest.try_emplace(level.product_id.value, now);
        if (!is_first && known->second.version < level.version)
            known->second = now;
    }
    std::vector<products::told_stock> all;
    for (auto const& [id, level] : newest)
        all.push_back(level);
    products::show_stock(tx, all);
    return result<>{};
}

}  // namespace mc::product_service
