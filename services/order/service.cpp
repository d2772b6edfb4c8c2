#include "services/order/service.hpp"

#include "order_migrations.hpp"
#include "services/order/actions/expire_orders.hpp"
#include "services/order/demo/seed.hpp"
#include "services/order/deps.hpp"
#include "services/order/events/subscriptions.hpp"
#include "services/order/http/routes.hpp"
#include "services/order/store/cart_use.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service
{
namespace
{

constexpr setting settings[] = {
    {"CART_TIMEOUT_MS", setting_kind::duration_ms, "4000",
     "Time the cart service has to show a buyer's cart (ms)", 1, 60'000},
    {"USER_SERVICE_TIMEOUT_MS", setting_kind::duration_ms, "3000",
     "Time the user service has to show the address an order goes to (ms)", 1, 60'000},
    {"INVENTORY_TIMEOUT_MS", setting_kind::duration_ms, "4000",
     "Time the inventory service has to hold an order's stock, attempts together (ms)", 1, 60'000},
    {"INVENTORY_RESERVATION_TTL_SECONDS", setting_kind::whole_number, "900",
     "For how long stock is held until the order that asked for it is written (s)", 10, 86'400},
    {"ORDER_PAYMENT_TTL_SECONDS", setting_kind::whole_number, "900",
     "How long an order waits for its payment before it is cancelled (s); 0: for ever", 0,
     31'536'000},
};

constexpr setting shared_settings[] = {
    {"ORDER_SERVICE_URL", setting_kind::service_url, "",
     "Where the order service is; default http://localhost:3003"},
    {"KAFKA_ORDER_EVENTS_TOPIC", setting_kind::text, "order-events",
     "Topic of the order service's events"},
};
constexpr told_topic topics[] = {{"order-events", "KAFKA_ORDER_EVENTS_TOPIC"}};

constexpr int batches_max = 10;                // Of expired orders, in one call of do_due_work.
constexpr std::int64_t forgotten_max = 1'000;  // Lines of the ledger in one transaction …
constexpr int forgotten_batches_max = 100;     // … and so many of these in one call of tidy_up.

std::unique_ptr<inventory_client> inventory_for(service_environment const& of)
{
    if (!of.is_there("inventory"))
        return nullptr;
    return make_inventory_client(
        of.client_of("inventory"),
        {.hold_time_max = of.settings.duration("INVENTORY_TIMEOUT_MS", of.name),
         .hold_for = seconds(of.settings.number("INVENTORY_RESERVATION_TTL_SECONDS", of.name))});
}

class order_service final : public service
{
public:
    explicit order_service(service_environment const& of)
        : use_{of.db,
               of.now,
               make_cart_client(of.client_of("cart"),
                                of.settings.duration("CART_TIMEOUT_MS", of.name)),
               make_address_client(of.client_of("user"),
                                   of.settings.duration("USER_SERVICE_TIMEOUT_MS", of.name)),
               inventory_for(of),
               seconds(of.settings.number("ORDER_PAYMENT_TTL_SECONDS", of.name))}
    {}

    void add_routes(http::router& to) override { mc::order_service::add_routes(to, use_); }
    void add_subscriptions(subscription_table& to) override
    {
        mc::order_service::add_subscriptions(to, use_);
    }
    void tidy_up() override
    {
        timestamp const before = use_.clock.now() - cart_use::kept_for;
        for (int batch = 0; batch < forgotten_batches_max; ++batch)
        {
            std::vector<id_of<cart_item>> const lines =
                use_.db.read_now(cart_use::unused_since, before, forgotten_max);
            if (lines.empty() || !use_.db.write_now(cart_use::purge, lines, before))
                return;
        }
    }
    std::optional<timestamp> do_due_work(timestamp now) override
    {
        // After a long stop many are due. The rest waits for the next call, so that one that ends
        // the process does not wait for all of them.
        std::optional<timestamp> next = use_.db.read_now(orders::next_due);
        for (int batch = 0; batch < batches_max && next && *next <= now; ++batch)
        {
            (void)use_.db.write_now(actions::expire_orders, now).value();
            next = use_.db.read_now(orders::next_due);
        }
        return next;
    }
    void seed_demo(demo_world& world) override { seed_orders(use_.db, use_.clock.now(), world); }

private:
    deps use_;
};

std::unique_ptr<service> make(service_environment const& of)
{
    return std::make_unique<order_service>(of);
}

}  // namespace

service_info const& info()
{
    static constexpr service_info order{.name = "order",
                                        .wire_name = "order-service",
                                        .port = 3003,
                                        .migrations = order_migrations,
                                        .settings = settings,
                                        .make = make,
                                        .shared_settings = shared_settings,
                                        .topics = topics,
                                        .due_work = has_due_work::yes};
    return order;
}

}  // namespace mc::order_service
