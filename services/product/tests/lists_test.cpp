#include <doctest/doctest.h>

#include "platform/testing/both_ways.hpp"
#include "services/product/store/products.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

struct goods
{
    char const* name;
    char const* price;
    int stock;
    int category = 1;
    int supplier = 30;
    char const* currency = "USD";
};

constexpr goods shelf[] = {
    {"Banana", "3", 0},  {"apple", "1.50", 4, 1, 31}, {"Cherry", "20", 1},
    {"date", "7", 9, 2}, {"Élder", "7", 2, 2, 31},    {"Yen Fig", "5", 3, 2, 30, "JPY"},
};

// Six products, a second apart, oldest first, in two categories.
class shelf_shop : public product_shop
{
public:
    shelf_shop()
    {
        category("Fruit");
        category("More fruit");
        for (goods const& each : shelf)
        {
            clock.advance(seconds(1));
            auto const reply =
                supplier(each.supplier)
                    .post("/products", product_body({
                                           {"name", in_quotes(each.name)},
                                           {"price", each.price},
                                           {"stockQuantity", std::to_string(each.stock)},
                                           {"categoryId", std::to_string(each.category)},
                                           {"currency", in_quotes(each.currency)},
                                       }));
            REQUIRE(reply.status == 201);
        }
    }
    // "6,5,4": the ids a list shows, in its order.
    std::string ids(std::string const& query)
    {
        std::string const body = nobody().get("/products" + query).body;
        std::string found;
        constexpr std::string_view before_id = R"({"id":)";
        constexpr std::string_view after_id = R"(,"categoryId")";
        for (std::size_t at = body.find(after_id); at != std::string::npos;
             at = body.find(after_id, at + 1))
        {
            std::size_t const from = body.rfind(before_id, at) + before_id.size();
            found += (found.empty() ? "" : ",") + body.substr(from, at - from);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("list_products: the contract's shape, newest first, each as the product itself")
{
    shelf_shop shop;
    auto const all = shop.nobody().get("/products");
    CHECK(all.status == 200);
    std::string products;
    for (int id = 6; id >= 1; --id)
        products += (products.empty() ? "" : ",") + shop.shown(id).body;
    CHECK(all.body == fmt::format(R"({{"count":6,"products":[{}]}})", products));
    CHECK(all.header("X-Total-Count") == "6");
}

TEST_CASE("list_products: of two made at one moment the later number comes first")
{
    product_shop shop;
    shop.product_named("First");
    shop.product_named("Second");
    CHECK(shop.nobody().get("/products").body.starts_with(R"({"count":2,"products":[{"id":2,)"));
}

TEST_CASE("list_products: filters and orders, alone and together")
{
    struct row
    {
        char const* query;
        char const* ids;
    };
    row const rows[] = {
        {"", "6,5,4,3,2,1"},
        {"?categoryId=1", "3,2,1"},
        {"?categoryId=2", "6,5,4"},
        {"?categoryId=77", ""},
        {"?minPrice=7", "5,4,3"},
        {"?minPrice=7.01", "3"},
        {"?maxPrice=5", "6,2,1"},
        {"?maxPrice=4.9999", "2,1"},
        {"?minPrice=3&maxPrice=7.00", "6,5,4,1"},
        {"?minPrice=1.51&maxPrice=2.99", ""},
        {"?minPrice=9&maxPrice=8", ""},
        {"?minPrice=0", "6,5,4,3,2,1"},
        {"?inStock=true", "6,5,4,3,2"},
        {"?inStock=false", "1"},
        {"?supplierId=31", "5,2"},
        {"?supplierId=77", ""},
        {"?sort=newest", "6,5,4,3,2,1"},
        {"?sort=price_asc", "2,1,6,4,5,3"},
        {"?sort=price_desc", "3,5,4,6,1,2"},
        {"?sort=name", "2,1,3,4,6,5"},
        {"?sort=name&categoryId=2&inStock=true", "4,6,5"},
        {"?sort=price_desc&supplierId=30&maxPrice=7", "4,6,1"},
        {"?sort=price_asc&pageSize=2&page=2", "6,4"},
    };
    shelf_shop shop;
    for (row const& each : rows)
    {
        CAPTURE(each.query);
        CHECK(shop.ids(each.query) == each.ids);
    }
}

TEST_CASE("list_products: the total is that of the filter")
{
    shelf_shop shop;
    CHECK(shop.nobody().get("/products?categoryId=2").header("X-Total-Count") == "3");
    CHECK(shop.nobody().get("/products?supplierId=31").header("X-Total-Count") == "2");
    CHECK(shop.nobody().get("/products?minPrice=7&pageSize=1").number("total") == 3);
    CHECK(shop.nobody().get("/products?categoryId=77").header("X-Total-Count") == "0");
}

TEST_CASE("list_products: a category that is not understood is passed over, as before")
{
    shelf_shop shop;
    for (char const* ignored : {"abc", "0", "-1", "1.5", "", "0x1", "01", "1e0",
                                "99999999999999999999", "1&categoryId=2"})
    {
        CAPTURE(ignored);
        CHECK(shop.ids(std::string("?categoryId=") + ignored) == "6,5,4,3,2,1");
    }
    CHECK(shop.ids("?categoryId=1&utm_source=mail") == "3,2,1");
}

TEST_CASE("list_products: parameters of our own are strict")
{
    struct row
    {
        char const* query;
        char const* message;
    };
    constexpr char const* min_price =
        "minPrice must be a price of 0 or more with at most 4 decimals";
    constexpr char const* max_price =
        "maxPrice must be a price of 0 or more with at most 4 decimals";
    row const rows[] = {
        {"minPrice=cheap", "minPrice must be a plain decimal number"},
        {"minPrice=1e3", "minPrice must be a plain decimal number"},
        {"maxPrice=", "maxPrice must be a plain decimal number"},
        {"minPrice=-1", min_price},
        {"maxPrice=-0.01", max_price},
        {"maxPrice=1.23456", max_price},
        {"minPrice=99999999999999999999999", min_price},
        {"minPrice=1&minPrice=2", "minPrice is given more than once"},
        {"inStock=maybe", "inStock must be true or false"},
        {"inStock=1", "inStock must be true or false"},
        {"supplierId=abc", "supplierId must be a positive integer"},
        {"supplierId=0", "supplierId must be a positive integer"},
        {"sort=colour", "sort must be one of: newest, price_asc, price_desc, name"},
        {"page=0", "page must be at least 1"},
        {"page=100001", "page must be at most 100000"},
        {"page=abc", "page must be an integer"},
        {"page=1.5", "page must be an integer"},
        {"page=99999999999999999999", "page must be at most 100000"},
        {"pageSize=0", "pageSize must be at least 1"},
        {"pageSize=101", "pageSize must be at most 100"},
    };
    shelf_shop shop;
    for (row const& each : rows)
    {
        CAPTURE(each.query);
        auto const reply = shop.nobody().get(std::string("/products?") + each.query);
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
    }
    for (char const* good : {"minPrice=0", "maxPrice=9999999999.9999", "page=100000", "pageSize=1",
                             "pageSize=100", "sort=name", "inStock=false"})
    {
        CAPTURE(good);
        CHECK(shop.nobody().get(std::string("/products?") + good).status == 200);
    }
}

TEST_CASE("list_products: pages, with links that keep the filter")
{
    shelf_shop shop;
    auto const second = shop.nobody().get("/products?categoryId=1&page=2&pageSize=2");
    CHECK(second.members() == "count,products,page,pageSize,total,totalPages");
    CHECK(second.number("count") == 1);
    CHECK(second.number("page") == 2);
    CHECK(second.number("pageSize") == 2);
    CHECK(second.number("total") == 3);
    CHECK(second.number("totalPages") == 2);
    CHECK(second.header("X-Total-Count") == "3");
    CHECK(second.header("Link") == R"(</products?categoryId=1&page=1&pageSize=2>; rel="first", )"
                                   R"(</products?categoryId=1&page=1&pageSize=2>; rel="prev", )"
                                   R"(</products?categoryId=1&page=2&pageSize=2>; rel="last")");

    auto const beyond = shop.nobody().get("/products?page=9&pageSize=2");
    CHECK(beyond.number("count") == 0);
    CHECK(beyond.number("total") == 6);
    CHECK(shop.nobody().get("/products?page=1").number("pageSize") == 20);
    CHECK(shop.nobody().get("/products?pageSize=4").number("page") == 1);
}

TEST_CASE("list_products: at most 100 without paging, and the rest is told of")
{
    product_shop shop;
    for (int n = 1; n <= 101; ++n)
    {
        shop.clock.advance(seconds(1));
        shop.product_named(fmt::format("Mug {}", n));
    }
    auto const all = shop.nobody().get("/products");
    CHECK(all.number("count") == 100);
    CHECK(all.members() == "count,products");
    CHECK(all.body.starts_with(R"({"count":100,"products":[{"id":101,)"));
    CHECK(all.header("X-Total-Count") == "101");
    CHECK(all.header("Link").find(R"(</products?page=2&pageSize=100>; rel="next")") !=
          std::string::npos);
    auto const rest = shop.nobody().get("/products?page=2&pageSize=100");
    CHECK(rest.number("count") == 1);
    CHECK(rest.body.find(R"("name":"Mug 1")") != std::string::npos);
}

TEST_CASE("list_products: an unchanged list is 304 for who has it, and not for others")
{
    shelf_shop shop;
    std::string const etag = shop.nobody().get("/products").header("ETag");
    REQUIRE(!etag.empty());
    CHECK(shop.nobody().if_none_match(etag).get("/products").status == 304);
    CHECK(shop.nobody().if_none_match("\"x\", " + etag).get("/products").status == 304);
    CHECK(shop.nobody().if_none_match(etag).get("/products?categoryId=1").status == 200);
    REQUIRE(shop.supplier().put("/products/1", R"({"price":4})").status == 200);
    CHECK(shop.nobody().if_none_match(etag).get("/products").status == 200);
}

TEST_CASE("products: many that are looked up together are each as if looked up alone")
{
    shelf_shop shop;
    REQUIRE(shop.supplier(30).del("/products/3").status < 300);
    std::vector<id_of<product>> ids;
    for (std::int64_t number = 20; number >= 1; --number)
        ids.emplace_back(number);
    ids.emplace_back(2);
    auto const found = shop.db().read_now(
        testing::both_ways<products::show, products::show_each, id_of<product>>, ids);
    for (std::size_t at = 0; at < ids.size(); ++at)
    {
        bool const is_shown = ids[at].value <= 6 && ids[at].value != 3;
        REQUIRE(found.together[at].has_value() == is_shown);
        REQUIRE(found.singly[at].has_value() == is_shown);
        if (!is_shown)
            continue;
        CHECK(found.together[at]->of.name == shelf[ids[at].value - 1].name);
        CHECK(found.together[at]->images == found.singly[at]->images);
    }
}
