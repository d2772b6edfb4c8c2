#include "services/product/domain/errors.hpp"

#include <fmt/format.h>

namespace mc::product_service
{

error product_not_found()
{
    return {error_kind::not_found, "product.not_found", "Product not found"};
}

error product_unavailable()
{
    return {error_kind::not_found, "product.unavailable", "Product unavailable"};
}

error product_exists()
{
    return {error_kind::conflict, "product.exists", "Product already exists"};
}

error stock_is_inventorys(id_of<product> of)
{
    return {error_kind::conflict, "product.stock_is_inventorys",
            fmt::format("Stock is kept by the inventory service: change it by PUT "
                        "/inventory/{}/stock",
                        of.value)};
}

error not_your_product() { return {error_kind::forbidden, "product.forbidden", "Forbidden"}; }

error invalid_product_name()
{
    return {error_kind::invalid, "product.invalid_name", "Invalid product name"};
}

error price_not_positive()
{
    return {error_kind::invalid, "product.invalid_price", "Product price must be greater than 0"};
}

error price_too_large(money highest)
{
    return {error_kind::invalid, "product.price_too_large",
            "Product price can be at most " + to_decimal(highest)};
}

error price_too_precise(std::string_view currency_code, int decimals)
{
    return {error_kind::invalid, "product.price_too_precise",
            fmt::format("A price in {} has at most {} decimals", currency_code, decimals)};
}

error unknown_currency()
{
    return {error_kind::invalid, "product.unknown_currency",
            "Currency must be an ISO 4217 code, such as USD"};
}

error invalid_price_filter(std::string_view name)
{
    return {error_kind::invalid, "product.invalid_filter",
            std::string(name) + " must be a price of 0 or more with at most 4 decimals"};
}

error picture_not_found()
{
    return {error_kind::not_found, "picture.not_found", "Picture not found"};
}

error category_not_found()
{
    return {error_kind::not_found, "category.not_found", "Category not found"};
}

error category_not_found_or_inactive()
{
    return {error_kind::not_found, "category.not_found", "Category not found or inactive"};
}

error category_exists()
{
    return {error_kind::conflict, "category.exists", "Category already exists"};
}

error category_in_use()
{
    return {error_kind::conflict, "category.in_use",
            "Category still has products; move or delete them first"};
}

error invalid_category_name()
{
    return {error_kind::invalid, "category.invalid_name", "Invalid category name"};
}

error nothing_to_change()
{
    return {error_kind::invalid, "product.nothing_to_change", "No valid fields to update"};
}

error not_that_version(std::int64_t version)
{
    return {error_kind::precondition_failed, "product.changed",
            fmt::format("It was changed meanwhile and is at version {} now", version)};
}

error changed_meanwhile()
{
    return {error_kind::lost_race, "product.changed", "It was changed by somebody else"};
}

}  // namespace mc::product_service
