#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "contracts/postal_address.hpp"
#include "contracts/stock_holds.hpp"
#include "platform/core/bounded.hpp"
#include "platform/core/time.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/paging.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"
#include "services/order/domain/placement.hpp"
#include "services/order/domain/timeline.hpp"
#include "services/order/http/fields.hpp"
#include "services/order/store/orders.hpp"

// What this service reads and writes on the wire, in the contract's order of members.
namespace mc::order_service
{

struct place_order_request
{
    ordered_product product_id;
    order_quantity quantity;
    // At any other total, nothing is ordered.
    json::omitted<json::decimal> expected_total;
};
MC_DESCRIBE(place_order_request, product_id, quantity, expected_total)

struct checkout_request
{
    // One of the buyer's addresses. Left out of the fingerprint of an Idempotency-Key when absent.
    json::omitted<id_of<address>> address_id;
    json::omitted<json::decimal> expected_total;
};
MC_DESCRIBE(checkout_request, address_id, expected_total)

struct set_status_request
{
    admin_status status;
};
MC_DESCRIBE(set_status_request, status)

struct order_path
{
    id_of<order> order_id;
};
MC_DESCRIBE(order_path, order_id)

struct user_path
{
    id_of<user> user_id;
};
MC_DESCRIBE(user_path, user_id)

struct page_query
{
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(page_query, page, page_size)

struct order_query
{
    std::optional<order_status> status;
    std::optional<id_of<user>> user_id;
    std::optional<timestamp> from;
    std::optional<timestamp> to;
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(order_query, status, user_id, from, to, page, page_size)

struct order_item_view
{
    id_of<order_item> id;
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    std::int64_t quantity;
    json::as_number unit_price;
    json::as_number line_total;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(order_item_view, id, product_id, product_name, product_image_url, quantity, unit_price,
            line_total, created_at, updated_at)

struct order_view
{
    id_of<order> id;
    id_of<user> user_id;
    order_status status;
    currency currency;
    std::int64_t items_count;
    json::as_number total_amount;
    std::optional<timestamp> cancelled_at;
    timestamp created_at;
    timestamp updated_at;
    std::vector<order_item_view> items;
    std::optional<timestamp> expires_at;  // Until when it waits for its payment.
    std::optional<cancel_reason> cancel_reason;
    std::optional<contracts::postal_address> shipping_address;
};
MC_DESCRIBE(order_view, id, user_id, status, currency, items_count, total_amount, cancelled_at,
            created_at, updated_at, items, expires_at, cancel_reason, shipping_address)

struct order_list_view
{
    std::int64_t count;
    std::vector<order_view> orders;
    json::omitted<std::int64_t> page;
    json::omitted<std::int64_t> page_size;
    json::omitted<std::int64_t> total;
    json::omitted<std::int64_t> total_pages;
};
MC_DESCRIBE(order_list_view, count, orders, page, page_size, total, total_pages)

struct timeline_entry_view
{
    timeline_step step;
    std::optional<std::string> reason;
    timestamp at;
};
MC_DESCRIBE(timeline_entry_view, step, reason, at)

struct timeline_view
{
    id_of<order> order_id;
    std::int64_t count;
    std::vector<timeline_entry_view> timeline;
};
MC_DESCRIBE(timeline_view, order_id, count, timeline)

order_view view_of(order const& shown);
timeline_view view_of(id_of<order> of, std::vector<timeline_entry> const& story);
order_list_view view_of(orders::order_list const& shown, http::page_window window);

// The 409 of an order: an error that also says, when inventory holds no stock for it, of each
// product what is short.
struct insufficient_stock_view
{
    std::string message;
    std::string request_id;
    std::string code;
    json::omitted<std::vector<contracts::stock_shortage>> shortages;  // Only of a shortage.
};
MC_DESCRIBE(insufficient_stock_view, message, request_id, code, shortages)
answer insufficient_stock(std::vector<shortage> const& shortages);

// The bytes of a 201, kept for a repeated request with the same Idempotency-Key.
std::string encode_order(order const& placed);

}  // namespace mc::order_service
