#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/time.hpp"
#include "platform/http/paging.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"
#include "services/product/http/fields.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/products.hpp"

// What this service reads and writes on the wire, in the contract's order of members; ours follow.
namespace mc::product_service
{

namespace products
{
MC_DESCRIBE_ENUM(order_by, newest, price_asc, price_desc, name)
}  // namespace products

struct add_category_request
{
    category_name name;
    category_description description;
};
MC_DESCRIBE(add_category_request, name, description)

struct change_category_request
{
    std::optional<category_name> name;
    std::optional<description_text> description;
};
MC_DESCRIBE(change_category_request, name, description)

struct add_product_request
{
    category_reference category_id;
    product_name name;
    product_price price;
    std::optional<stock_quantity> stock_quantity;  // Absent: 0.
    image_fields images;
    std::optional<currency_code> currency;  // Absent: USD.
    std::optional<description_text> description;
};
MC_DESCRIBE(add_product_request, category_id, name, price, stock_quantity, images, currency,
            description)

// What a product's category is looked up by.
struct category_choice
{
    category_reference category_id;
};
MC_DESCRIBE(category_choice, category_id)

struct change_product_request
{
    std::optional<category_reference> category_id;
    std::optional<product_name> name;
    std::optional<product_price> price;
    std::optional<stock_quantity> stock_quantity;
    std::optional<image_fields> images;
    std::optional<currency_code> currency;
    std::optional<description_text> description;
};
MC_DESCRIBE(change_product_request, category_id, name, price, stock_quantity, images, currency,
            description)

struct id_path
{
    id_of<product> id;
};
MC_DESCRIBE(id_path, id)

struct category_path
{
    id_of<category> id;
};
MC_DESCRIBE(category_path, id)

struct category_query
{
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(category_query, page, page_size)

// The contract's filter is ignored when it is not understood; ours are refused.
struct product_query
{
    json::lenient<id_of<category>> category_id;
    std::optional<json::decimal> min_price;
    std::optional<json::decimal> max_price;
    std::optional<bool> in_stock;
    std::optional<id_of<user>> supplier_id;
    std::optional<products::order_by> sort;
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(product_query, category_id, min_price, max_price, in_stock, supplier_id, sort, page,
            page_size)

struct category_list_item
{
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    json::flag01 is_active;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(category_list_item, id, name, slug, description, is_active, created_at, updated_at)

struct category_list_view
{
    std::int64_t count;
    std::vector<category_list_item> categories;
    json::omitted<std::int64_t> page;
    json::omitted<std::int64_t> page_size;
    json::omitted<std::int64_t> total;
    json::omitted<std::int64_t> total_pages;
};
MC_DESCRIBE(category_list_view, count, categories, page, page_size, total, total_pages)

struct category_view
{
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    json::flag01 is_active;
    id_of<user> created_by_user_id;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(category_view, id, name, slug, description, is_active, created_by_user_id, created_at,
            updated_at)

struct product_view
{
    id_of<product> id;
    id_of<category> category_id;
    std::string category_name;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    json::as_string price;
    currency currency;
    std::int64_t stock_quantity;
    json::flag01 is_active;
    id_of<user> created_by_user_id;
    std::string created_by_role;
    timestamp created_at;
    timestamp updated_at;
    // An array of {"id","imageUrl","isPrimary","sortOrder","createdAt","updatedAt"}.
    json::raw images;
};
MC_DESCRIBE(product_view, id, category_id, category_name, name, slug, description, price, currency,
            stock_quantity, is_active, created_by_user_id, created_by_role, created_at, updated_at,
            images)

struct product_list_view
{
    std::int64_t count;
    std::vector<product_view> products;
    json::omitted<std::int64_t> page;
    json::omitted<std::int64_t> page_size;
    json::omitted<std::int64_t> total;
    json::omitted<std::int64_t> total_pages;
};
MC_DESCRIBE(product_list_view, count, products, page, page_size, total, total_pages)

// For the cart service, and for everybody: nothing of it is secret.
struct offer_view
{
    id_of<product> id;
    std::string name;
    json::as_number price;
    currency currency;
    std::int64_t stock_quantity;
    std::string image_url;
    std::int64_t version;
};
MC_DESCRIBE(offer_view, id, name, price, currency, stock_quantity, image_url, version)

struct message_view
{
    std::string message;
};
MC_DESCRIBE(message_view, message)

category_list_view view_of(categories::category_list const& shown, http::page_window window);
category_list_item item_of(category const& shown);
category_view view_of(category const& shown);
product_view view_of(products::shown_product&& shown);
product_view view_of(product const& shown);
product_list_view view_of(products::product_list&& shown, http::page_window window);

}  // namespace mc::product_service
