#include "services/cart/service.hpp"

#include "cart_migrations.hpp"
#include "services/cart/demo/seed.hpp"
#include "services/cart/deps.hpp"
#include "services/cart/events/subscriptions.hpp"
#include "services/cart/http/routes.hpp"

namespace mc::cart_service
{
namespace
{

constexpr setting settings[] = {
    {"PRODUCT_SERVICE_TIMEOUT_MS", setting_kind::duration_ms, "3000",
     "Time the product service has to tell what it offers (ms)", 1, 60'000},
};

constexpr setting shared_settings[] = {
    {"CART_SERVICE_URL", setting_kind::service_url, "",
     "Where the cart service is; default http://localhost:3002"},
};

class cart_service final : public service
{
public:
    explicit cart_service(service_environment const& of)
        : use_{of.db, of.now,
               make_catalogue_client(of.client_of("product"),
                                     of.settings.duration("PRODUCT_SERVICE_TIMEOUT_MS", of.name)),
               make_user_client(of.client_of("user"),
                                of.settings.duration("AUTH_TIMEOUT_MS", of.name))}
    {}

    void add_routes(http::router& to) override { mc::cart_service::add_routes(to, use_); }
    void add_subscriptions(subscription_table& to) override
    {
        mc::cart_service::add_subscriptions(to);
    }
    void seed_demo(demo_world& world) override { seed_carts(use_.db, use_.clock.now(), world); }

private:
    deps use_;
};

std::unique_ptr<service> make(service_environment const& of)
{
    return std::make_unique<cart_service>(of);
}

}  // namespace

service_info const& info()
{
    static constexpr service_info cart{.name = "cart",
                                       .wire_name = "cart-service",
                                       .port = 3002,
                                       .migrations = cart_migrations,
                                       .settings = settings,
                                       .make = make,
                                       .shared_settings = shared_settings};
    return cart;
}

}  // namespace mc::cart_service
