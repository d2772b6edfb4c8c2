#pragma once

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "contracts/inventory_events.hpp"
#include "contracts/order_events.hpp"
#include "contracts/product_events.hpp"
#include "platform/testing/service_fixture.hpp"
#include "services/inventory/service.hpp"

namespace mc::inventory_service
{

using wanted_lines = std::vector<std::pair<std::int64_t, std::int64_t>>;  // Product, units.

// What GET /inventory/:productId shows.
struct level
{
    std::int64_t total = 0;
    std::int64_t reserved = 0;
    friend bool operator==(level const&, level const&) = default;
};
inline std::ostream& operator<<(std::ostream& to, level const& shown)
{
    return to << shown.total << " in the house, " << shown.reserved << " reserved";
}

// The inventory service with an admin (900) and suppliers (30, 31), as the order service and the
// catalogue speak to it.
class stock_shop : public testing::service_fixture
{
public:
    explicit stock_shop(std::map<std::string, std::string> settings = {})
        : service_fixture(info(), std::move(settings))
    {}

    speaker admin() { return as(900, role::admin); }
    speaker supplier(std::int64_t id = 30) { return as(id, role::supplier); }
    speaker customer() { return as(1); }
    speaker order_service() { return nobody().as_service(); }

    // A product of supplier 30 is added to the catalogue.
    result<> product(std::int64_t id, std::int64_t stock, std::int64_t owner = 30,
                     std::string const& name = "Mug")
    {
        return hear(contracts::product_created{.id = id_of<mc::product>(id),
                                               .category_id = id_of<category>(1),
                                               .category_name = "Kitchen",
                                               .name = name,
                                               .slug = "mug",
                                               .description = std::nullopt,
                                               .price = {"10"},
                                               .price_minor = 1000,
                                               .currency = "USD",
                                               .initial_stock = stock,
                                               .is_active = true,
                                               .owner_user_id = id_of<user>(owner),
                                               .owner_role = "supplier",
                                               .images = {},
                                               .primary_image_url = "",
                                               .version = 1});
    }
    result<> change_product(std::int64_t id, std::string const& name, std::int64_t owner,
                            std::int64_t version)
    {
        return hear(changed_product(id, name, owner, version));
    }
    // The catalogue has taken another stock.
    result<> restock_product(std::int64_t id, std::int64_t stock, std::int64_t version,
                             std::vector<std::string> changed = {"stockQuantity"})
    {
        contracts::product_updated told = changed_product(id, "Mug", 30, version);
        told.changed = std::move(changed);
        told.stock_quantity.emplace(stock);
        return hear(told);
    }
    static contracts::product_updated changed_product(std::int64_t id, std::string const& name,
                                                      std::int64_t owner, std::int64_t version)
    {
        return contracts::product_updated{.id = id_of<mc::product>(id),
                                          .category_id = id_of<category>(1),
                                          .category_name = "Kitchen",
                                          .name = name,
                                          .slug = "mug",
                                          .description = std::nullopt,
                                          .price = {"10"},
                                          .price_minor = 1000,
                                          .currency = "USD",
                                          .is_active = true,
                                          .owner_user_id = id_of<user>(owner),
                                          .owner_role = "supplier",
                                          .images = {},
                                          .primary_image_url = "",
                                          .version = version,
                                          .changed = {"name"}};
    }
    result<> delete_product(std::int64_t id, std::int64_t version = 2)
    {
        return hear(contracts::product_deleted{.id = id_of<mc::product>(id), .version = version});
    }

    static std::string placement(int n) { return fmt::format("00000000-0000-5000-8000-{:012}", n); }
    static std::string hold_body(wanted_lines const& lines, std::int64_t hold_seconds = 900)
    {
        std::string text;
        for (auto const& [product, quantity] : lines)
            text += fmt::format(R"({}{{"productId":{},"quantity":{}}})", text.empty() ? "" : ",",
                                product, quantity);
        return fmt::format(R"({{"lines":[{}],"holdSeconds":{}}})", text, hold_seconds);
    }
    testing::test_reply hold(int n, wanted_lines const& lines, std::int64_t hold_seconds = 900)
    {
        return order_service().put("/internal/holds/" + placement(n),
                                   hold_body(lines, hold_seconds));
    }
    testing::test_reply release(int n)
    {
        return order_service().del("/internal/holds/" + placement(n));
    }

    result<> place(std::int64_t order, wanted_lines const& lines, std::optional<int> placed_as = {})
    {
        return place_at(clock.now(), order, lines, placed_as);
    }
    result<> place_at(timestamp then, std::int64_t order, wanted_lines const& lines,
                      std::optional<int> placed_as = {})
    {
        contracts::order_created told{.order_id = id_of<mc::order>(order),
                                      .user_id = id_of<user>(1),
                                      .status = "pending",
                                      .currency = "USD",
                                      .total_amount = {"10"},
                                      .total_minor = 1000,
                                      .items = {},
                                      .expires_at = std::nullopt,
                                      .placement_id = std::nullopt,
                                      .version = 1};
        if (placed_as)
            told.placement_id = placement(*placed_as);
        for (auto const& [product, quantity] : lines)
            told.items.push_back({.order_item_id = id_of<order_item>(1),
                                  .cart_item_id = std::nullopt,
                                  .product_id = id_of<mc::product>(product),
                                  .product_name = "Mug",
                                  .quantity = quantity,
                                  .unit_price = {"10"},
                                  .line_total = {"10"}});
        return hear_of(then, told);
    }
    result<> cancel(std::int64_t order, std::string const& reason = "customer")
    {
        return hear(contracts::order_cancelled{.order_id = id_of<mc::order>(order),
                                               .user_id = id_of<user>(1),
                                               .previous_status = "pending",
                                               .reason = reason,
                                               .paid_payment_id = std::nullopt,
                                               .version = 2});
    }
    result<> ship(std::int64_t order)
    {
        contracts::order_shipped told{};
        told.order_id = id_of<mc::order>(order);
        told.user_id = id_of<user>(1);
        told.at = clock.now();
        told.version = 3;
        return hear(told);
    }

    testing::test_reply shown(std::int64_t product)
    {
        return nobody().get(fmt::format("/inventory/{}", product));
    }
    level stock(std::int64_t product)
    {
        auto const reply = shown(product);
        REQUIRE(reply.status == 200);
        CHECK(reply.number("availableQuantity") ==
              reply.number("totalQuantity") - reply.number("reservedQuantity"));
        return {reply.number("totalQuantity"), reply.number("reservedQuantity")};
    }

    // What falls due up to now is done; when the next hold lapses.
    std::optional<timestamp> work() { return runs().do_due_work(clock.now()); }
    void pass(milliseconds time)
    {
        clock.advance(time);
        work();
    }

    // What `microcommerce inventory verify` says.
    result<std::string> verify() { return runs().command("verify", {}); }
};

}  // namespace mc::inventory_service
