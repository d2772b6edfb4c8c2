#include "services/inventory/service.hpp"

#include <fmt/format.h>

#include "inventory_migrations.hpp"
#include "services/inventory/deps.hpp"
#include "services/inventory/domain/item.hpp"
#include "services/inventory/due_work.hpp"
#include "services/inventory/events/subscriptions.hpp"
#include "services/inventory/http/routes.hpp"
#include "services/inventory/store/books.hpp"

namespace mc::inventory_service
{
namespace
{

constexpr setting settings[] = {
    {"LOW_STOCK_THRESHOLD", setting_kind::whole_number, "5",
     "Units of a product, that has no threshold of its own, from which on it counts as low", 0,
     quantity_max},
    {"RESERVATION_SWEEP_INTERVAL_MS", setting_kind::ignored, "",
     "Of the replaced system; holds lapse at their own moments"},
    {"ORDER_TIMEOUT_MS", setting_kind::ignored, "",
     "Of the replaced system; inventory calls no other service"},
    {"PRODUCT_TIMEOUT_MS", setting_kind::ignored, "",
     "Of the replaced system; inventory calls no other service"},
};

constexpr setting shared_settings[] = {
    {"INVENTORY_SERVICE_URL", setting_kind::service_url, "",
     "Where the inventory service is; unset, and inventory not in this process: orders hold no "
     "stock"},
    {"KAFKA_INVENTORY_EVENTS_TOPIC", setting_kind::text, "inventory-events",
     "Topic of the inventory service's events"},
};
constexpr told_topic topics[] = {{"inventory-events", "KAFKA_INVENTORY_EVENTS_TOPIC"}};

std::string line_of(books::gap const& gap)
{
    return fmt::format("\n  product {}: total {}, movements sum to {}; reserved {}, holds have {} "
                       "and orders {}",
                       gap.product_id.value, gap.total_quantity, gap.moved, gap.reserved_quantity,
                       gap.held, gap.in_orders);
}

result<std::string> verify(database& db)
{
    books::audit found;
    for (books::place at; !at.is_end;)
    {
        books::portion const some = db.read_now(books::verify, at, books::portion_limits{});
        found.products += some.found.products;
        found.gaps.insert(found.gaps.end(), some.found.gaps.begin(), some.found.gaps.end());
        at = some.next;
    }
    if (found.gaps.empty())
        return fmt::format("the stock of {} {} adds up\n", found.products,
                           found.products == 1 ? "product" : "products");
    std::string text = fmt::format(
        "the stock of {} of {} products does not add up:", found.gaps.size(), found.products);
    for (books::gap const& gap : found.gaps)
        text += line_of(gap);
    return error{error_kind::conflict, "inventory.books_broken", std::move(text)};
}

class inventory_service final : public service
{
public:
    explicit inventory_service(service_environment const& of)
        : use_{.db = of.db,
               .clock = of.now,
               .low_stock_threshold = of.settings.number("LOW_STOCK_THRESHOLD", of.name),
               .wake_due_work = of.wake_due_work}
    {}

    void add_routes(http::router& to) override { mc::inventory_service::add_routes(to, use_); }
    void add_subscriptions(subscription_table& to) override
    {
        mc::inventory_service::add_subscriptions(to, use_);
    }
    std::optional<timestamp> do_due_work(timestamp now) override { return due_work_.run(now); }
    void tidy_up() override { forget_old_holds(use_, use_.clock.now()); }
    result<std::string> command(std::string_view verb,
                                std::span<std::string const> arguments) override
    {
        if (verb == "verify" && arguments.empty())
            return verify(use_.db);
        return service::command(verb, arguments);
    }

private:
    deps use_;
    due_work due_work_{use_};
};

std::unique_ptr<service> make(service_environment const& of)
{
    return std::make_unique<inventory_service>(of);
}

}  // namespace

service_info const& info()
{
    static constexpr service_info inventory{.name = "inventory",
                                            .wire_name = "inventory-service",
                                            .port = 3005,
                                            .migrations = inventory_migrations,
                                            .settings = settings,
                                            .make = make,
                                            .shared_settings = shared_settings,
                                            .topics = topics,
                                            .due_work = has_due_work::yes};
    return inventory;
}

}  // namespace mc::inventory_service
