#pragma once

#include <memory>

#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/http/client.hpp"
#include "services/cart/domain/cart.hpp"

namespace mc::cart_service
{

// The catalogue, asked of the product service.
class catalogue_client
{
public:
    virtual ~catalogue_client() = default;
    // What is offered under this id; 404 `Product unavailable` when nothing is, 502 when nobody
    // answers, or with something that is no offer of this product.
    virtual awaitable<result<offer>> find(id_of<product> id) = 0;
};

std::unique_ptr<catalogue_client> make_catalogue_client(std::unique_ptr<http::service_client> to,
                                                        milliseconds timeout);

}  // namespace mc::cart_service
