#pragma once

#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "contracts/order_events.hpp"
#include "contracts/product_events.hpp"
#include "contracts/tests/golden.hpp"
#include "contracts/user_events.hpp"
#include "platform/testing/json_text.hpp"
#include "platform/testing/service_fixture.hpp"
#include "services/cart/service.hpp"

namespace mc::cart_service
{

// What the catalogue says of a product.
struct offered_product
{
    std::string price = "19.99";
    std::int64_t stock = 10;
    std::string currency = "USD";
    std::optional<std::int64_t> version = std::nullopt;
};

// "1": a line's member as an answer shows it, lines counted from 0.
inline std::string line_member(testing::test_reply const& reply, std::size_t line,
                               std::string_view name)
{
    std::string items = reply.member("items");
    std::size_t start = 1;
    for (std::size_t n = 0; n < line; ++n)
        start = items.find("},{", start) + 2;
    std::size_t const end = items.find('}', start);
    return testing::raw_member(items.substr(start, end - start + 1), name);
}

// The cart service with a catalogue that the test fills. Alice is user 1, Bob 2, Ada the admin.
class cart_shop : public testing::service_fixture
{
public:
    cart_shop() : service_fixture(info()) {}

    speaker alice() { return as(1); }
    speaker bob() { return as(2); }
    speaker ada() { return as(900, role::admin); }

    void offers(int product, offered_product const& as = {})
    {
        std::string const version =
            as.version ? fmt::format(R"(,"version":{})", *as.version) : std::string();
        other("product").answers(
            http::method::get, fmt::format("/internal/products/{}", product), 200,
            fmt::format(R"({{"id":{0},"name":"Mug {0}","price":{1},"currency":"{2}",)"
                        R"("stockQuantity":{3},"imageUrl":"https://shop.example/{0}.png"{4}}})",
                        product, as.price, as.currency, as.stock, version));
    }
    void offers_no(int product)
    {
        other("product").answers(http::method::get, fmt::format("/internal/products/{}", product),
                                 404, R"({"message":"Product unavailable"})");
    }

    static testing::test_reply add(speaker const& who, int product, std::int64_t quantity = 1)
    {
        return who.post("/carts/me/items",
                        fmt::format(R"({{"productId":{},"quantity":{}}})", product, quantity));
    }
    static testing::test_reply set(speaker const& who, int product, std::string_view quantity)
    {
        return who.put(fmt::format("/carts/me/items/{}", product),
                       fmt::format(R"({{"quantity":{}}})", quantity));
    }
    // Offered and put into Alice's cart; the cart.
    testing::test_reply alice_has(int product, std::int64_t quantity,
                                  offered_product const& as = {})
    {
        offers(product, as);
        auto const reply = add(alice(), product, quantity);
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply;
    }
    testing::test_reply alices_cart() { return alice().get("/carts/me"); }

    // PRODUCT_UPDATED as the product service tells it.
    static contracts::product_updated updated(int product, std::int64_t version, std::int64_t minor,
                                              std::string const& currency)
    {
        return {.id = id_of<mc::product>(product),
                .category_id = id_of<category>(1),
                .category_name = "Kitchen",
                .name = fmt::format("Mug {}", product),
                .slug = fmt::format("mug-{}", product),
                .description = std::nullopt,
                .price = {std::to_string(minor)},
                .price_minor = minor,
                .currency = currency,
                .is_active = true,
                .owner_user_id = id_of<user>(30),
                .owner_role = "supplier",
                .images = {},
                .primary_image_url = fmt::format("https://shop.example/{}.png", product),
                .version = version,
                .changed = {}};
    }
    static contracts::product_updated priced(int product, std::int64_t version, std::int64_t minor)
    {
        return updated(product, version, minor, "USD");
    }
    static contracts::product_deleted deleted(int product, std::int64_t version)
    {
        return {.id = id_of<mc::product>(product), .version = version};
    }

    result<intake::effect> receives(std::string_view value)
    {
        return contracts::receive(db(), subscriptions(), value);
    }
};

}  // namespace mc::cart_service
