#pragma once

#include <cstdint>
#include <string_view>

#include "contracts/ids.hpp"
#include "platform/core/error.hpp"
#include "platform/core/id.hpp"

// Every refusal this service can give, on one page. The sentences are the wire contract's where it
// has one.
namespace mc::inventory_service
{

error item_not_found();     // To whom looks.
error product_not_found();  // To whom changes.
error not_your_product();
// "totalQuantity cannot be less than reservedQuantity (3)"
error total_below_reserved(std::int64_t reserved);
// "At most 3 of 8 units can be taken away: 5 are reserved"
error adjusted_below_reserved(std::int64_t total, std::int64_t reserved);
error total_too_large();
// If-Match names another version.
error not_that_version(std::int64_t version);
error delta_of_nothing();

error invalid_placement_id();
error hold_refused();  // Why stands in a hold_refusal.
// The placement id came with other lines before.
error other_lines();

// Two changes raced: the action runs again.
error changed_meanwhile();

// What an event cannot be in effect for: loud, tried again, then a dead letter.
error products_unknown(id_of<order> id);  // PRODUCT_CREATED is on its way.
error order_unknown(id_of<order> id);
error order_was_released(id_of<order> id);
error order_has_left(id_of<order> id);
error too_little_to_ship(id_of<order> id, id_of<product> product);
// A guard that must hold found no row: the books are wrong, and nothing is made of it.
error books_broken(std::string_view step, id_of<product> product);
error unusable_lines(id_of<order> id);

}  // namespace mc::inventory_service
