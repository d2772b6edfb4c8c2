#pragma once

#include <cstdint>
#include <string_view>

#include "platform/core/error.hpp"
#include "platform/core/money.hpp"
#include "services/product/domain/product.hpp"

// Every refusal this service can give, on one page. The sentences are the wire contract's where it
// has one.
namespace mc::product_service
{

error product_not_found();
error product_unavailable();
error product_exists();
// "Stock is kept by the inventory service: change it by PUT /inventory/7/stock"
error stock_is_inventorys(id_of<product> of);
error not_your_product();
error invalid_product_name();
error price_not_positive();
error price_too_large(money highest);
error price_too_precise(std::string_view currency_code, int decimals);
error unknown_currency();
error invalid_price_filter(std::string_view name);
error picture_not_found();

error category_not_found();
error category_not_found_or_inactive();
error category_exists();
error category_in_use();
error invalid_category_name();

error nothing_to_change();
// "It was changed meanwhile and is at version 4 now"
error not_that_version(std::int64_t version);
error changed_meanwhile();  // Two changes raced: the action runs again.

}  // namespace mc::product_service
