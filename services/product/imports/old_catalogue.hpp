#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/json/describe.hpp"

// Rows of the tables `categories`, `products` and `product_images` of the Node.js system, as its
// database holds them. Times are milliseconds since 1970; amounts and flags are the texts that the
// database makes of them.
namespace mc::product_service::imports
{

struct old_category
{
    std::int64_t id = 0;
    std::optional<std::string> name;
    std::optional<std::string> slug;
    std::optional<std::string> description;
    std::optional<std::string> is_active;
    std::optional<std::int64_t> created_by_user_id;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_category, id, name, slug, description, is_active, created_by_user_id, created_at,
            updated_at)

struct old_image
{
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::optional<std::string> image_url;
    std::optional<std::string> is_primary;
    std::optional<std::string> sort_order;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_image, id, product_id, image_url, is_primary, sort_order, created_at, updated_at)

struct old_product
{
    std::int64_t id = 0;
    std::optional<std::int64_t> category_id;
    std::optional<std::string> name;
    std::optional<std::string> slug;
    std::optional<std::string> description;
    std::optional<std::string> price;
    std::optional<std::string> currency;
    std::optional<std::string> stock_quantity;
    std::optional<std::string> is_active;
    std::optional<std::int64_t> created_by_user_id;
    std::optional<std::string> created_by_role;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_product, id, category_id, name, slug, description, price, currency, stock_quantity,
            is_active, created_by_user_id, created_by_role, created_at, updated_at)

struct old_product_with_images
{
    old_product row;
    std::vector<old_image> images;  // By id.
};
MC_DESCRIBE(old_product_with_images, row, images)

}  // namespace mc::product_service::imports
