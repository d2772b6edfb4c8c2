#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "contracts/order_events.hpp"
#include "platform/testing/service_fixture.hpp"
#include "services/order/service.hpp"

namespace mc::order_service
{

// The order service with carts that the test fills, and, told of it, an inventory service that the
// test plays: it holds whatever it is asked to hold.
class order_shop : public testing::service_fixture
{
public:
    order_shop() : service_fixture(info()) {}
    explicit order_shop(std::map<std::string, std::string> settings)
        : service_fixture(info(), std::move(settings))
    {}
    enum class with
    {
        inventory
    };
    explicit order_shop(with, std::map<std::string, std::string> settings = {})
        : service_fixture(info(), std::move(settings), {"inventory"})
    {
        inventory_says(held(201));
    }

    // Every request for a hold is answered so, every release with 204.
    void inventory_says(http::client_reply answer)
    {
        other("inventory")
            .behaves(
                [answer](http::client_request const& asked) -> result<http::client_reply>
                {
                    if (asked.verb == http::method::del)
                        return http::client_reply{.status = 204};
                    return answer;
                });
    }
    static http::client_reply held(int status, std::string const& state = "held")
    {
        return {.status = status,
                .body = fmt::format(
                    R"({{"placementId":"00000000-0000-4000-8000-000000000000","state":"{}",)"
                    R"("heldUntil":"2026-01-01T00:15:00.000Z"}})",
                    state)};
    }
    static http::client_reply short_of(std::string const& shortages)
    {
        return {.status = 409,
                .body = fmt::format(R"({{"state":"refused","shortages":[{}]}})", shortages)};
    }
    // The placement ids that were asked for, or given back.
    std::vector<std::string> placements(http::method verb)
    {
        constexpr std::string_view before = "/internal/holds/";
        std::vector<std::string> ids;
        for (http::client_request const& call : other("inventory").calls())
            if (call.verb == verb)
                ids.push_back(call.target.substr(before.size()));
        return ids;
    }

    // What the cart service shows: one line, or none at all.
    void cart_holds(int product, std::int64_t quantity, std::string const& price = "19.99",
                    int line = 11, std::int64_t taken = 0)
    {
        show_cart(fmt::format(R"([{}])", line_text(product, quantity, price, line, taken)));
    }
    void cart_is_empty() { show_cart("[]"); }
    void show_cart(std::string const& items, std::string const& currency = "USD", int owner = 1)
    {
        other("cart").answers(
            http::method::get, "/carts/me", 200,
            fmt::format(R"({{"id":5,"userId":{},"status":"active","currency":"{}",)"
                        R"("createdAt":"2026-01-01T00:00:00.000Z",)"
                        R"("updatedAt":"2026-01-01T00:00:00.000Z","itemsCount":1,)"
                        R"("totalAmount":1,"items":{}}})",
                        owner, currency, items));
    }
    static std::string line_text(int product, std::int64_t quantity, std::string const& price,
                                 int line, std::int64_t taken = 0)
    {
        return fmt::format(R"({{"id":{},"productId":{},"productName":"Mug {}","productImageUrl":)"
                           R"("http://shop.example/{}.png","quantity":{},"unitPrice":"{}",)"
                           R"("createdAt":"2026-01-01T00:00:00.000Z",)"
                           R"("updatedAt":"2026-01-01T00:00:00.000Z","taken":{}}})",
                           line, product, product, product, quantity, price, taken);
    }

    // Alice (user 1) orders what is in her cart; the order's id.
    std::int64_t placed_order()
    {
        cart_holds(7, 2);
        return as(1).post("/orders/me", R"({"productId":7})").number("id");
    }
    testing::test_reply move(std::int64_t order, std::string const& status)
    {
        return as(900, role::admin)
            .patch(fmt::format("/orders/{}/status", order),
                   fmt::format(R"({{"status":"{}"}})", status));
    }
};

}  // namespace mc::order_service
