#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/events/outbox.hpp"
#include "platform/json/describe.hpp"
#include "services/order/tests/order_shop.hpp"

// What is in the tables, row by row and column by column, for tests that compare.
namespace mc::order_service
{

struct stored_order
{
    std::int64_t id;
    std::int64_t user_id;
    std::string status;
    std::int64_t total_minor;
    std::string currency;
    std::optional<std::string> cancelled_because;
    std::optional<std::int64_t> cancelled_at;
    std::optional<std::string> placement_id;
    std::optional<timestamp> expires_at;
    std::optional<std::string> ships_to;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
    friend bool operator==(stored_order const&, stored_order const&) = default;
};
MC_DESCRIBE(stored_order, id, user_id, status, total_minor, currency, cancelled_because,
            cancelled_at, placement_id, expires_at, ships_to, created_at, updated_at, version)

struct stored_item
{
    std::int64_t id;
    std::int64_t order_id;
    std::optional<std::int64_t> cart_item_id;
    std::int64_t product_id;
    std::string product_name;
    std::string product_image_url;
    std::int64_t quantity;
    money unit_price;
    money line_total;
    timestamp created_at;
    friend bool operator==(stored_item const&, stored_item const&) = default;
};
MC_DESCRIBE(stored_item, id, order_id, cart_item_id, product_id, product_name, product_image_url,
            quantity, unit_price, line_total, created_at)

struct ledger_row
{
    std::int64_t cart_item_id;
    std::int64_t used;
    timestamp updated_at;
    friend bool operator==(ledger_row const&, ledger_row const&) = default;
};
MC_DESCRIBE(ledger_row, cart_item_id, used, updated_at)

struct stored_key
{
    std::int64_t user_id;
    std::string route;
    std::string key;
    std::string fingerprint;
    int status;
    std::string body;
    timestamp created_at;
    friend bool operator==(stored_key const&, stored_key const&) = default;
};
MC_DESCRIBE(stored_key, user_id, route, key, fingerprint, status, body, created_at)

struct stored_event
{
    std::string topic;
    std::string key;
    std::optional<std::int64_t> aggregate_version;
    std::string event_type;
    std::string producer;
    std::string traceparent;
    std::string value;  // Without the event's id.
    friend bool operator==(stored_event const&, stored_event const&) = default;
};

struct tables
{
    std::vector<stored_order> orders;
    std::vector<stored_item> items;
    std::vector<ledger_row> ledger;
    std::vector<stored_key> keys;
    std::vector<stored_event> events;
    friend bool operator==(tables const&, tables const&) = default;
};

tables tables_of(order_shop& shop);

}  // namespace mc::order_service
