#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"

namespace mc::contracts
{

// What GET /internal/products/:id of the product service answers: what a cart needs to know before
// it takes a line. Price is a JSON number of `currency`.
struct catalogue_product
{
    id_of<product> id;
    std::string name;
    json::decimal price;
    std::string currency;
    std::int64_t stock_quantity;
    std::string image_url;
    std::optional<std::int64_t> version;  // Of the product; a foreign product service sends none.
};
MC_DESCRIBE(catalogue_product, id, name, price, currency, stock_quantity, image_url, version)

}  // namespace mc::contracts
