#pragma once

#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"
#include "services/product/domain/product.hpp"

// Rows as the statements of this folder select them, column by column; money takes two columns.
namespace mc::product_service
{

struct category_row
{
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    bool is_active;
    id_of<user> created_by;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
};
MC_DESCRIBE(category_row, id, name, slug, description, is_active, created_by, created_at,
            updated_at, version)

struct product_row
{
    id_of<product> id;
    id_of<category> category_id;
    std::string category_name;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    money price;
    std::int64_t stock_quantity;
    std::optional<std::int64_t> stock_version;
    bool is_active;
    id_of<user> created_by;
    std::string created_by_role;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
    std::string images;
};
MC_DESCRIBE(product_row, id, category_id, category_name, name, slug, description, price,
            stock_quantity, stock_version, is_active, created_by, created_by_role, created_at,
            updated_at, version, images)

struct image_row
{
    id_of<product_image> id;
    std::string url;
    bool is_primary;
    std::int64_t sort_order;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(image_row, id, url, is_primary, sort_order, created_at, updated_at)

// An image as it stands in an answer; the column `images` holds an array of these as JSON.
struct image_view
{
    id_of<product_image> id;
    std::string image_url;
    json::flag01 is_primary;
    std::int64_t sort_order;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(image_view, id, image_url, is_primary, sort_order, created_at, updated_at)

inline image_view view_of(product_image const& image)
{
    return {.id = image.id,
            .image_url = image.url,
            .is_primary = image.is_primary,
            .sort_order = image.sort_order,
            .created_at = image.created_at,
            .updated_at = image.updated_at};
}

}  // namespace mc::product_service
