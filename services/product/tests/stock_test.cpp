#include <doctest/doctest.h>

#include "contracts/inventory_events.hpp"
#include "services/product/events/show_stock.hpp"
#include "services/product/store/products.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

contracts::stock_level_changed level(std::int64_t product, std::int64_t available,
                                     std::int64_t version)
{
    return {.product_id = id_of<mc::product>(product),
            .total_quantity = available + 2,
            .reserved_quantity = 2,
            .available_quantity = available,
            .cause = "held",
            .version = version};
}

result<> hear_together(transaction& tx,
                       std::vector<told<contracts::stock_level_changed>> const& levels)
{
    no_deps none;
    return show_stock(tx, none, levels);
}

std::string stock_of(product_shop& shop, std::int64_t product)
{
    return shop.shown(product).member("stockQuantity");
}

}  // namespace

TEST_CASE("show_stock: what inventory says can be bought is what products and carts see")
{
    product_shop shop;
    std::int64_t const mug = shop.product();
    REQUIRE(stock_of(shop, mug) == "5");

    REQUIRE(shop.hear(level(mug, 3, 7)));

    CHECK(stock_of(shop, mug) == "3");
    CHECK(shop.nobody().get(fmt::format("/internal/products/{}", mug)).number("stockQuantity") ==
          3);
}

TEST_CASE("show_stock: older knowledge and the same again change nothing, whatever the order")
{
    product_shop shop;
    std::int64_t const mug = shop.product();
    REQUIRE(shop.hear(level(mug, 3, 7)));
    REQUIRE(shop.hear(level(mug, 9, 6)));
    REQUIRE(shop.hear(level(mug, 9, 7)));
    CHECK(stock_of(shop, mug) == "3");
    REQUIRE(shop.hear(level(mug, 4, 8)));
    CHECK(stock_of(shop, mug) == "4");
}

TEST_CASE("show_stock: of many that were told together each shows its newest level")
{
    product_shop shop;
    std::vector<std::int64_t> products;
    for (int n = 0; n < 20; ++n)
        products.push_back(shop.product_named(fmt::format("Mug {}", n)));
    REQUIRE(shop.hear(level(products[1], 2, 9)));

    std::vector<told<contracts::stock_level_changed>> levels;
    for (std::size_t n = 0; n < products.size(); ++n)
        levels.push_back({level(products[n], 100 + static_cast<std::int64_t>(n), 5), {}});
    levels.push_back({level(products[2], 44, 7), {}});
    levels.push_back({level(products[2], 33, 6), {}});
    levels.push_back({level(77'777, 1, 1), {}});
    REQUIRE(shop.db().write_now(hear_together, levels));

    CHECK(stock_of(shop, products[0]) == "100");
    CHECK(stock_of(shop, products[1]) == "2");
    CHECK(stock_of(shop, products[2]) == "44");
    CHECK(stock_of(shop, products[19]) == "119");
}

TEST_CASE("show_stock: a product that is sold out cannot be put into carts and is not in stock")
{
    product_shop shop;
    std::int64_t const mug = shop.product();
    REQUIRE(shop.hear(level(mug, 0, 2)));

    auto const offer = shop.nobody().get(fmt::format("/internal/products/{}", mug));
    CHECK(offer.status == 404);
    CHECK(offer.message() == "Product unavailable");
    CHECK(shop.nobody().get("/products?inStock=true").number("count") == 0);
    CHECK(shop.nobody().get("/products?inStock=false").number("count") == 1);

    REQUIRE(shop.hear(level(mug, 1, 3)));
    CHECK(shop.nobody().get("/products?inStock=true").number("count") == 1);
}

TEST_CASE("show_stock: stock is no change of the product: its version stays and nothing is told")
{
    product_shop shop;
    std::int64_t const mug = shop.product();
    REQUIRE(shop.hear(level(mug, 3, 7)));
    CHECK(shop.nobody().get(fmt::format("/internal/products/{}", mug)).number("version") == 1);
    CHECK(shop.published<contracts::product_updated>().empty());
}

TEST_CASE("show_stock: a product nobody has heard of, and one that is gone, are passed over")
{
    product_shop shop;
    CHECK(shop.hear(level(77, 3, 7)));
    std::int64_t const mug = shop.product();
    REQUIRE(shop.supplier().del(fmt::format("/products/{}", mug)).status == 200);
    CHECK(shop.hear(level(mug, 3, 7)));
    CHECK(shop.shown(mug).status == 404);
}

TEST_CASE("change_product: stock is changed here until inventory tells it, then at inventory's")
{
    product_shop shop;
    std::int64_t const mug = shop.product();
    std::string const at = fmt::format("/products/{}", mug);
    CHECK(shop.supplier().put(at, R"({"stockQuantity":6})").number("stockQuantity") == 6);
    CHECK(shop.published<contracts::product_updated>().back().stock_quantity == 6);

    REQUIRE(shop.hear(level(mug, 3, 7)));
    auto const refused = shop.supplier().put(at, R"({"stockQuantity":6,"name":"Cup"})");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "product.stock_is_inventorys");
    CHECK(refused.message() ==
          fmt::format("Stock is kept by the inventory service: change it by PUT "
                      "/inventory/{}/stock",
                      mug));
    CHECK(shop.shown(mug).member("name") == "\"Mug\"");
    CHECK(stock_of(shop, mug) == "3");

    // A form that sends back what it was shown changes the rest. What inventory told is not told
    // back to it.
    auto const renamed = shop.supplier().put(at, R"({"stockQuantity":3,"name":"Cup"})");
    CHECK(!shop.published<contracts::product_updated>().back().stock_quantity);
    CHECK(renamed.status == 200);
    CHECK(renamed.number("stockQuantity") == 3);
    CHECK(renamed.member("name") == "\"Cup\"");
}

namespace
{

// A change that was loaded before inventory told, and is stored after.
result<std::int64_t> save_late(transaction& tx, product before)
{
    products::show_stock(tx, {{.id = before.id, .available = 1, .version = 9}});
    product after = before;
    after.name = "Cup";
    ++after.version;
    return products::save(tx, after, before) == products::saved::yes ? 1 : 0;
}

}  // namespace

TEST_CASE("change_product: a change that did not know the newest stock does not undo it")
{
    product_shop shop;
    id_of<product> const mug(shop.product());
    REQUIRE(shop.hear(level(mug.value, 3, 7)));
    std::optional<product> const before = shop.db().read_now(products::find, mug);
    REQUIRE(before);
    CHECK(shop.db().write_now(save_late, *before).value() == 1);
    CHECK(stock_of(shop, mug.value) == "1");
    CHECK(shop.shown(mug.value).member("name") == "\"Cup\"");
}
