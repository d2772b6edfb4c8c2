#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/events/event.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"

// What the product service tells. Topic product-events, key = product id (categories:
// "category:<id>").
namespace mc::contracts
{

// The whole product, with the stock it starts with; from then on stock belongs to inventory.
struct product_created
{
    static constexpr event_type type{"PRODUCT_CREATED", 1, "product-events"};
    id_of<product> id;
    id_of<category> category_id;
    std::string category_name;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    json::decimal price;
    std::int64_t price_minor;
    std::string currency;
    std::int64_t initial_stock;
    bool is_active;
    id_of<user> owner_user_id;
    std::string owner_role;
    std::vector<std::string> images;
    std::string primary_image_url;
    std::int64_t version;

    id_of<product> key() const { return id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(product_created, id, category_id, category_name, name, slug, description, price,
            price_minor, currency, initial_stock, is_active, owner_user_id, owner_role, images,
            primary_image_url, version)

// The whole product after a change, and the names of the members that changed.
struct product_updated
{
    static constexpr event_type type{"PRODUCT_UPDATED", 1, "product-events"};
    id_of<product> id;
    id_of<category> category_id;
    std::string category_name;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    json::decimal price;
    std::int64_t price_minor;
    std::string currency;
    bool is_active;
    id_of<user> owner_user_id;
    std::string owner_role;
    std::vector<std::string> images;
    std::string primary_image_url;
    std::int64_t version;
    std::vector<std::string> changed;
    // Only when that is what changed: the catalogue takes it as long as inventory has told it no
    // level, and then inventory counts on from it.
    json::omitted<std::int64_t> stock_quantity = {};

    id_of<product> key() const { return id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(product_updated, id, category_id, category_name, name, slug, description, price,
            price_minor, currency, is_active, owner_user_id, owner_role, images, primary_image_url,
            version, changed, stock_quantity)

struct product_deleted
{
    static constexpr event_type type{"PRODUCT_DELETED", 1, "product-events"};
    id_of<product> id;
    std::int64_t version;

    id_of<product> key() const { return id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(product_deleted, id, version)

struct category_created
{
    static constexpr event_type type{"CATEGORY_CREATED", 1, "product-events"};
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    bool is_active;
    std::int64_t version;

    std::string key() const { return "category:" + std::to_string(id.value); }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(category_created, id, name, slug, description, is_active, version)

struct category_updated
{
    static constexpr event_type type{"CATEGORY_UPDATED", 1, "product-events"};
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    bool is_active;
    std::int64_t version;

    std::string key() const { return "category:" + std::to_string(id.value); }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(category_updated, id, name, slug, description, is_active, version)

struct category_deleted
{
    static constexpr event_type type{"CATEGORY_DELETED", 1, "product-events"};
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    bool is_active;
    std::int64_t version;

    std::string key() const { return "category:" + std::to_string(id.value); }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(category_deleted, id, name, slug, description, is_active, version)

}  // namespace mc::contracts
