#include "services/product/service.hpp"

#include "product_migrations.hpp"
#include "services/product/demo/seed.hpp"
#include "services/product/deps.hpp"
#include "services/product/events/subscriptions.hpp"
#include "services/product/http/routes.hpp"

namespace mc::product_service
{
namespace
{

constexpr setting shared_settings[] = {
    {"PRODUCT_SERVICE_URL", setting_kind::service_url, "",
     "Where the product service is; default http://localhost:3004"},
    {"PUBLIC_URL", setting_kind::url, "",
     "Where clients reach the product service, for demo pictures"},
    {"KAFKA_PRODUCT_EVENTS_TOPIC", setting_kind::text, "product-events",
     "Topic of the product service's events"},
};
constexpr told_topic topics[] = {{"product-events", "KAFKA_PRODUCT_EVENTS_TOPIC"}};

class product_service final : public service
{
public:
    explicit product_service(service_environment const& of) : use_{of.db, of.now} {}

    void add_routes(http::router& to) override { mc::product_service::add_routes(to, use_); }
    void add_subscriptions(subscription_table& to) override
    {
        mc::product_service::add_subscriptions(to);
    }
    void seed_demo(demo_world& world) override { seed_catalogue(use_.db, use_.clock.now(), world); }

private:
    deps use_;
};

std::unique_ptr<service> make(service_environment const& of)
{
    return std::make_unique<product_service>(of);
}

}  // namespace

service_info const& info()
{
    static constexpr service_info product{.name = "product",
                                          .wire_name = "product-service",
                                          .port = 3004,
                                          .migrations = product_migrations,
                                          .settings = {},
                                          .make = make,
                                          .shared_settings = shared_settings,
                                          .topics = topics};
    return product;
}

}  // namespace mc::product_service
