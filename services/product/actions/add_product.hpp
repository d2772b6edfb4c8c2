#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// A product as an admin or a supplier describes it.
struct new_product
{
    id_of<category> category_id;
    std::string name;
    std::optional<std::string> description;
    money price;
    std::int64_t stock_quantity = 0;
    std::vector<wanted_image> images;
};

// Into an active category; refused when a product on offer has its name. Tells PRODUCT_CREATED.
result<product> add_product(transaction& tx, actor who, new_product wanted, timestamp now);

}  // namespace mc::product_service::actions
