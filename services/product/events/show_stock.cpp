#include "services/product/events/show_stock.hpp"

#include "services/product/store/products.hpp"

namespace mc::product_service
{

result<> show_stock(transaction& tx, no_deps&, contracts::stock_level_changed const& told,
                    event_meta const&)
{
    products::show_stock(tx, told.product_id, told.available_quantity, told.version);
    return result<>{};
}

}  // namespace mc::product_service
