#pragma once

#include <cstdint>
#include <string_view>

#include "platform/core/error.hpp"
#include "platform/core/money.hpp"

// Every refusal this service can give, on one page. The first five sentences are the wire
// contract's.
namespace mc::cart_service
{

error cart_not_found();
error product_unavailable();
error insufficient_stock(std::int64_t available, std::int64_t requested);
error catalogue_unusable();  // The product service does not answer, or not as agreed.
error catalogue_away();      // It says that it cannot, for now.
error users_unusable();      // The same of the user service.

error product_not_in_cart();
error mixed_currency(std::string_view cart, std::string_view product);
error too_many_lines();
error total_too_large(currency in);
error changed_meanwhile();  // Two changes raced: the action runs again.

}  // namespace mc::cart_service
