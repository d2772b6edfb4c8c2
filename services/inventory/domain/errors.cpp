#include "services/inventory/domain/errors.hpp"

#include <fmt/format.h>

#include "services/inventory/domain/item.hpp"

namespace mc::inventory_service
{

error item_not_found()
{
    return {error_kind::not_found, "inventory.not_found", "Inventory item not found"};
}

error product_not_found()
{
    return {error_kind::not_found, "inventory.product_not_found", "Product not found"};
}

error not_your_product() { return {error_kind::forbidden, "inventory.forbidden", "Forbidden"}; }

error total_below_reserved(std::int64_t reserved)
{
    return {error_kind::invalid, "inventory.below_reserved",
            fmt::format("totalQuantity cannot be less than reservedQuantity ({})", reserved)};
}

error adjusted_below_reserved(std::int64_t total, std::int64_t reserved)
{
    return {error_kind::conflict, "inventory.below_reserved",
            fmt::format("At most {} of {} units can be taken away: {} are reserved",
                        total - reserved, total, reserved)};
}

error total_too_large()
{
    return {error_kind::conflict, "inventory.total_too_large",
            fmt::format("There can be at most {} units of a product", quantity_max)};
}

error not_that_version(std::int64_t version)
{
    return {error_kind::precondition_failed, "inventory.changed",
            fmt::format("The stock was changed meanwhile: it is at version {} now", version)};
}

error delta_of_nothing()
{
    return {error_kind::invalid, "inventory.no_delta", "delta must not be 0"};
}

error invalid_placement_id()
{
    return {error_kind::invalid, "inventory.invalid_placement", "Invalid placementId"};
}

error hold_refused()
{
    return {error_kind::conflict, "inventory.hold_refused", "The stock cannot be held"};
}

error other_lines()
{
    return {error_kind::key_reused, "inventory.other_lines",
            "This placement holds other lines already"};
}

error changed_meanwhile()
{
    return {error_kind::lost_race, "inventory.changed", "The stock was changed by somebody else"};
}

error products_unknown(id_of<order> id)
{
    return {error_kind::not_found, "inventory.products_unknown",
            fmt::format("Order {} names a product that is not known yet", id.value)};
}

error order_unknown(id_of<order> id)
{
    return {error_kind::not_found, "inventory.order_unknown",
            fmt::format("Order {} is shipped and was never heard of", id.value)};
}

error order_was_released(id_of<order> id)
{
    return {error_kind::conflict, "inventory.order_released",
            fmt::format("Order {} is shipped and was cancelled before", id.value)};
}

error order_has_left(id_of<order> id)
{
    return {error_kind::conflict, "inventory.order_shipped",
            fmt::format("Order {} is cancelled and was shipped before", id.value)};
}

error too_little_to_ship(id_of<order> id, id_of<product> product)
{
    return {error_kind::conflict, "inventory.too_little_to_ship",
            fmt::format("Order {} is shipped without a reservation, and there is too little of "
                        "product {}",
                        id.value, product.value)};
}

error books_broken(std::string_view step, id_of<product> product)
{
    return {error_kind::conflict, "inventory.books_broken",
            fmt::format("The books of product {} are wrong: {} found too few reserved units",
                        product.value, step)};
}

error unusable_lines(id_of<order> id)
{
    return {error_kind::invalid, "inventory.unusable_lines",
            fmt::format("Order {} has no lines, or one of no or too large a quantity", id.value)};
}

}  // namespace mc::inventory_service
