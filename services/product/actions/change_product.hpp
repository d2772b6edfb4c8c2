#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// What is to change; an empty member stays as it is.
struct product_changes
{
    std::optional<id_of<category>> category_id;
    std::optional<std::string> name;
    std::optional<std::string> description;  // An empty text removes it.
    std::optional<std::string> price;        // Digits, in the currency given or the present one.
    std::optional<std::string> currency_code;
    std::optional<std::int64_t> stock_quantity;
    std::vector<wanted_image> images;  // Empty: they stay.
};

// Suppliers change their own products only, and their stock here only as long as inventory has
// told nothing of it; naming the stock that is shown already is no change. Tells PRODUCT_UPDATED; a
// change that changes nothing tells nothing.
// Refuses when it is at none of these versions.
result<product> change_product(transaction& tx, actor who, id_of<product> id,
                               product_changes wanted, wanted_versions versions, timestamp now);

}  // namespace mc::product_service::actions
