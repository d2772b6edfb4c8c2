#include "services/order/service.hpp"

#include "contracts/follow_accounts.hpp"
#include "services/order/demo/seed.hpp"
#include "services/order/deps.hpp"
#include "services/order/http/routes.hpp"
#include "services/order/store/cart_use.hpp"

namespace mc
{
std::span<migration const> order_migrations();
}  // namespace mc

namespace mc::order_service
{
namespace
{

constexpr setting settings[] = {
    {"CART_TIMEOUT_MS", setting_kind::duration_ms, "4000",
     "Time the cart service has to show a buyer's cart (ms)", 1, 60'000},
};

constexpr setting shared_settings[] = {
    {"ORDER_SERVICE_URL", setting_kind::service_url, "",
     "Where the order service is; default http://localhost:3003"},
    {"KAFKA_ORDER_EVENTS_TOPIC", setting_kind::text, "order-events",
     "Topic of the order service's events"},
};
constexpr told_topic topics[] = {{"order-events", "KAFKA_ORDER_EVENTS_TOPIC"}};

class order_service final : public service
{
public:
    explicit order_service(service_environment const& of)
        : use_{of.db, of.now,
               make_cart_client(of.client_of("cart"),
                                of.settings.duration("CART_TIMEOUT_MS", of.name))}
    {}

    void add_routes(http::router& to) override { mc::order_service::add_routes(to, use_); }
    void add_subscriptions(subscription_table& to) override { contracts::follow_accounts(to); }
    void tidy_up() override
    {
        (void)use_.db.write_now(cart_use::purge, use_.clock.now() - cart_use::kept_for);
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
                                        .topics = topics};
    return order;
}

}  // namespace mc::order_service
