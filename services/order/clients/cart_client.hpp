#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/http/client.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service
{

// The buyer's cart, asked of the cart service with the buyer's own Authorization header.
class cart_client
{
public:
    virtual ~cart_client() = default;
    // The lines, in the cart's order; when `only` is given and in the cart, perhaps no others. A
    // refusal of the cart service comes back with its status and message; no answer in time, or one
    // that is not the buyer's cart, is the contract's 502.
    virtual awaitable<result<std::vector<cart_line>>> my_cart(id_of<user> buyer,
                                                              std::optional<id_of<product>> only,
                                                              std::string authorization) = 0;
};

std::unique_ptr<cart_client> make_cart_client(std::unique_ptr<http::service_client> to,
                                              milliseconds timeout);

}  // namespace mc::order_service
