#include "services/order/tests/order_tables.hpp"

namespace mc::order_service
{
namespace
{

constexpr statement orders_sql{"test.orders", R"(
    SELECT id, user_id, status, total_minor, currency, cancelled_because, cancelled_at,
           placement_id, expires_at, ships_to, created_at, updated_at, version
      FROM orders ORDER BY id
)"};
constexpr statement items_sql{"test.items", R"(
    SELECT id, order_id, cart_item_id, product_id, product_name, product_image_url, quantity,
           unit_price_minor, unit_currency, line_total_minor, line_currency, created_at
      FROM order_items ORDER BY id
)"};
constexpr statement ledger_sql{"test.ledger", R"(
    SELECT cart_item_id, used, updated_at FROM cart_use ORDER BY cart_item_id
)"};
constexpr statement keys_sql{"test.keys", R"(
    SELECT user_id, route, `key`, fingerprint, status, body, created_at
      FROM idempotency_keys ORDER BY user_id, route, `key`
)"};

constexpr std::int64_t events_max = 10'000;

std::string without_event_id(std::string value)
{
    constexpr std::string_view name = R"("eventId":")";
    std::size_t const at = value.find(name) + name.size();
    return value.erase(at, value.find('"', at) - at);
}

tables read_all(snapshot& in)
{
    tables found{.orders = in.list<stored_order>(orders_sql),
                 .items = in.list<stored_item>(items_sql),
                 .ledger = in.list<ledger_row>(ledger_sql),
                 .keys = in.list<stored_key>(keys_sql),
                 .events = {}};
    for (outbox::row& each : outbox::next_rows(in, 0, events_max))
        found.events.push_back({each.topic, each.key, each.aggregate_version, each.event_type,
                                each.producer, each.traceparent,
                                without_event_id(std::move(each.value))});
    return found;
}

}  // namespace

tables tables_of(order_shop& shop) { return shop.db().read_now(read_all); }

}  // namespace mc::order_service
