#include "services/cart/domain/errors.hpp"

#include <fmt/format.h>

#include "services/cart/domain/cart.hpp"

namespace mc::cart_service
{

error cart_not_found() { return {error_kind::not_found, "cart.not_found", "Cart not found"}; }

error product_unavailable()
{
    return {error_kind::not_found, "cart.product_unavailable", "Product unavailable"};
}

error insufficient_stock(std::int64_t available, std::int64_t requested)
{
    return {error_kind::invalid, "cart.insufficient_stock",
            fmt::format("Available stock is {}, requested {}", available, requested)};
}

error catalogue_unusable()
{
    return {error_kind::bad_gateway, "cart.catalogue_unavailable", "Internal server error"};
}

error catalogue_away()
{
    return {error_kind::unavailable, "cart.catalogue_away", "Service temporarily unavailable"};
}

error users_unusable()
{
    return {error_kind::bad_gateway, "cart.users_unavailable", "Internal server error"};
}

error product_not_in_cart()
{
    return {error_kind::not_found, "cart.product_not_in_cart", "This product is not in your cart"};
}

error mixed_currency(std::string_view cart, std::string_view product)
{
    return {error_kind::conflict, "cart.mixed_currency",
            fmt::format("Your cart is in {} and this product is priced in {}; order or empty the "
                        "cart first",
                        cart, product)};
}

error too_many_lines()
{
    return {error_kind::invalid, "cart.too_many_lines",
            fmt::format("A cart can hold at most {} products", cart_lines_max)};
}

error total_too_large(currency in)
{
    return {error_kind::invalid, "cart.total_too_large",
            "The total of a cart can be at most " + to_decimal(money(money_minor_max, in))};
}

error changed_meanwhile()
{
    return {error_kind::lost_race, "cart.changed", "The cart was changed at the same moment"};
}

}  // namespace mc::cart_service
