#include <doctest/doctest.h>

#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

// A Café Mug with two pictures, sold by supplier 30 since the start of 2026.
class mug_shop : public product_shop
{
public:
    mug_shop()
    {
        product({{"name", in_quotes("Mug")},
                 {"description", in_quotes("Holds 350 ml.")},
                 {"images", R"(["https://shop.example/a.png","https://shop.example/b.png"])"}});
        clock.advance(seconds(5));
    }
    testing::test_reply change(std::string const& body)
    {
        return supplier().put("/products/1", body);
    }
    std::string changed_members()
    {
        std::vector<contracts::product_updated> const told =
            published<contracts::product_updated>();
        return told.empty() ? "" : fmt::format("{}", fmt::join(told.back().changed, ","));
    }
};

constexpr char const* bad_price = "Product price must be greater than 0";
constexpr char const* bad_stock = "stockQuantity must be a non-negative integer";
constexpr char const* no_image = "Product must include at least one image";
constexpr char const* bad_image = "Each product image must be a valid http/https URL";
constexpr char const* bad_currency = "Currency must be an ISO 4217 code, such as USD";

}  // namespace

TEST_CASE("change_product: everything at once, with the contract's members in their order")
{
    mug_shop shop;
    shop.category("Books");
    auto const changed = shop.change(
        R"({"categoryId":2,"name":" Field Guide ","price":"7.25","currency":"eur",)"
        R"("stockQuantity":3,"images":[{"url":"https://shop.example/c.png","sortOrder":9}],)"
        R"("description":" Clouds. "})");
    CHECK(changed.status == 200);
    CHECK(changed.body ==
          R"({"id":1,"categoryId":2,"categoryName":"Books","name":"Field Guide",)"
          R"("slug":"field-guide","description":"Clouds.","price":"7.25","currency":"EUR",)"
          R"("stockQuantity":3,"isActive":1,"createdByUserId":30,"createdByRole":"supplier",)"
          R"("createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:05.000Z",)"
          R"("images":[{"id":3,"imageUrl":"https://shop.example/c.png","isPrimary":1,)"
          R"("sortOrder":9,"createdAt":"2026-01-01T00:00:05.000Z",)"
          R"("updatedAt":"2026-01-01T00:00:05.000Z"}]})");
    CHECK(shop.shown(1).body == changed.body);
    CHECK(shop.changed_members() ==
          "categoryId,name,description,price,currency,stockQuantity,images");
}

TEST_CASE("change_product: one member alone changes itself and is told by its name")
{
    struct row
    {
        char const* body;
        char const* member;
        char const* value;
        char const* changed;
    };
    row const rows[] = {
        {R"({"name":"Cup"})", "name", R"("Cup")", "name"},
        {R"({"description":"Holds 400 ml."})", "description", R"("Holds 400 ml.")", "description"},
        {R"({"description":""})", "description", "null", "description"},
        {R"({"price":15})", "price", R"("15.00")", "price"},
        {R"({"price":"15.5"})", "price", R"("15.50")", "price"},
        {R"({"currency":"eur"})", "currency", R"("EUR")", "currency"},
        {R"({"price":15,"currency":"JPY"})", "price", R"("15")", "price,currency"},
        {R"({"stockQuantity":0})", "stockQuantity", "0", "stockQuantity"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.body);
        mug_shop shop;
        auto const changed = shop.change(each.body);
        CHECK(changed.status == 200);
        CHECK(changed.member(each.member) == each.value);
        CHECK(shop.shown(1).body == changed.body);
        CHECK(shop.changed_members() == each.changed);
        CHECK(shop.published<contracts::product_updated>().back().version == 2);
    }
}

TEST_CASE("change_product: what is as it was changes nothing and tells nothing")
{
    mug_shop shop;
    std::string const before = shop.shown(1).body;
    for (char const* same :
         {R"({"name":"Mug"})", R"({"name":"  Mug "})", R"({"price":"14.50"})",
          R"({"price":14.5,"currency":"usd"})", R"({"stockQuantity":5})", R"({"categoryId":1})",
          R"({"description":" Holds 350 ml. "})",
          R"({"images":["https://shop.example/a.png","https://shop.example/b.png"]})"})
    {
        CAPTURE(same);
        auto const reply = shop.change(same);
        CHECK(reply.status == 200);
        CHECK(reply.body == before);
    }
    CHECK(shop.shown(1).body == before);
    CHECK(shop.published<contracts::product_updated>().empty());
}

TEST_CASE("change_product: pictures that stay keep their numbers while something else changes")
{
    mug_shop shop;
    std::string const pictures = shop.shown(1).member("images");
    auto const changed = shop.change(
        R"({"price":15,"images":["https://shop.example/a.png","https://shop.example/b.png"]})");
    CHECK(changed.member("images") == pictures);
    CHECK(shop.shown(1).member("images") == pictures);
    CHECK(shop.changed_members() == "price");
}

TEST_CASE("change_product: another picture first is a change of pictures")
{
    mug_shop shop;
    auto const changed = shop.change(R"({"images":["https://shop.example/a.png",)"
                                     R"({"url":"https://shop.example/b.png","isPrimary":true}]})");
    CHECK(changed.member("images").starts_with(
        R"([{"id":3,"imageUrl":"https://shop.example/b.png","isPrimary":1,)"));
    CHECK(shop.changed_members() == "images");
    CHECK(shop.published<contracts::product_updated>().back().primary_image_url ==
          "https://shop.example/b.png");
    CHECK(shop.nobody().get("/internal/products/1").member("imageUrl") ==
          "\"https://shop.example/b.png\"");
}

TEST_CASE("change_product: what is wrong is refused with its sentence, and it stays as it was")
{
    struct row
    {
        std::string body;
        char const* message;
    };
    row const rows[] = {
        {"", "No valid fields to update"},
        {"{}", "No valid fields to update"},
        {R"({"name":null,"price":null})", "No valid fields to update"},
        {R"({"colour":"red"})", "colour is not a known field"},
        {R"({"price":15,"version":2})", "version is not a known field"},
        {R"({"createdByUserId":31})", "createdByUserId is not a known field"},
        {R"({"price":5,"price":6})", "price is given more than once"},
        {R"({"price":5)", "Invalid JSON body"},
        {"[]", "Invalid JSON body"},
        {R"({"categoryId":0})", "Valid categoryId is required"},
        {R"({"categoryId":"1"})", "Valid categoryId is required"},
        {R"({"name":" "})", "Product name is required"},
        {R"({"name":"!!!"})", "Invalid product name"},
        {fmt::format(R"({{"name":"{}"}})", std::string(181, 'n')),
         "Product name must be at most 180 characters"},
        {R"({"price":0})", bad_price},
        {R"({"price":-1})", bad_price},
        {R"({"price":true})", bad_price},
        {R"({"price":"1e2"})", bad_price},
        {R"({"price":1.005})", "A price in USD has at most 2 decimals"},
        {R"({"price":10000000000})", "Product price can be at most 9999999999.99"},
        {R"({"currency":"JPY"})", "A price in JPY has at most 0 decimals"},
        {R"({"currency":"ZZZ"})", bad_currency},
        {R"({"currency":"US"})", bad_currency},
        {R"({"stockQuantity":-1})", bad_stock},
        {R"({"stockQuantity":"7"})", bad_stock},
        {R"({"stockQuantity":4294967296})", "stockQuantity must be at most 4294967295"},
        {R"({"images":[]})", no_image},
        {R"({"images":"https://shop.example/a.png"})", no_image},
        {R"({"images":["ftp://shop.example/a.png"]})", bad_image},
        {R"({"description":5})", "Description must be a text of at most 65535 bytes"},
        {fmt::format(R"({{"description":"{}"}})", std::string(65'536, 'd')),
         "Description must be a text of at most 65535 bytes"},
    };
    mug_shop shop;
    std::string const before = shop.shown(1).body;
    for (row const& each : rows)
    {
        CAPTURE(each.body.substr(0, 80));
        auto const reply = shop.change(each.body);
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
    }
    auto const no_category = shop.change(R"({"categoryId":77})");
    CHECK(no_category.status == 404);
    CHECK(no_category.message() == "Category not found or inactive");
    CHECK(shop.shown(1).body == before);
    CHECK(shop.published<contracts::product_updated>().empty());
}

TEST_CASE("change_product: the limits themselves are accepted")
{
    mug_shop shop;
    CHECK(shop.change(fmt::format(R"({{"name":"{}"}})", std::string(180, 'n'))).status == 200);
    CHECK(shop.change(R"({"price":9999999999.99})").member("price") == "\"9999999999.99\"");
    CHECK(shop.change(R"({"price":0.01})").member("price") == "\"0.01\"");
    CHECK(shop.change(R"({"stockQuantity":4294967295})").number("stockQuantity") == 4294967295);
    CHECK(shop.change(fmt::format(R"({{"description":"{}"}})", std::string(65'535, 'd'))).status ==
          200);
}

TEST_CASE("delete_product: it is gone from every view, and for good")
{
    mug_shop shop;
    auto const deleted = shop.supplier().del("/products/1");
    CHECK(deleted.status == 200);
    CHECK(deleted.body == R"({"message":"Product deleted"})");

    CHECK(shop.shown(1).status == 404);
    CHECK(shop.shown(1).message() == "Product not found");
    CHECK(shop.nobody().get("/internal/products/1").message() == "Product unavailable");
    CHECK(shop.nobody().get("/products").body == R"({"count":0,"products":[]})");
    CHECK(shop.nobody().get("/products").header("X-Total-Count") == "0");
    CHECK(shop.change(R"({"price":5})").status == 404);
    CHECK(shop.supplier().del("/products/1").status == 404);
    CHECK(shop.published<contracts::product_deleted>().size() == 1);
}

TEST_CASE("get_offer: what a cart needs, the price as a number, for everybody")
{
    mug_shop shop;
    auto const offer = shop.nobody().get("/internal/products/1");
    CHECK(offer.status == 200);
    CHECK(offer.body == R"({"id":1,"name":"Mug","price":14.5,"currency":"USD",)"
                        R"("stockQuantity":5,"imageUrl":"https://shop.example/a.png",)"
                        R"("version":1})");
    shop.change(R"({"price":20})");
    CHECK(shop.nobody().get("/internal/products/1").member("price") == "20");
    CHECK(shop.nobody().get("/internal/products/1").number("version") == 2);
}

TEST_CASE("get_offer: unknown products and those without stock cannot be had")
{
    mug_shop shop;
    shop.change(R"({"stockQuantity":0})");
    CHECK(shop.shown(1).status == 200);
    for (char const* none : {"/internal/products/1", "/internal/products/77"})
    {
        auto const reply = shop.nobody().get(none);
        CHECK(reply.status == 404);
        CHECK(reply.message() == "Product unavailable");
    }
    shop.change(R"({"stockQuantity":1})");
    CHECK(shop.nobody().get("/internal/products/1").status == 200);
}

TEST_CASE("get_product: unchanged it is 304 for who has it")
{
    mug_shop shop;
    std::string const etag = shop.shown(1).header("ETag");
    REQUIRE(!etag.empty());
    auto const same = shop.nobody().if_none_match(etag).get("/products/1");
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(shop.nobody().if_none_match("W/" + etag).get("/products/1").status == 304);
    CHECK(shop.nobody().if_none_match("\"other\"").get("/products/1").status == 200);
    shop.change(R"({"stockQuantity":4})");
    auto const changed = shop.nobody().if_none_match(etag).get("/products/1");
    CHECK(changed.status == 200);
    CHECK(changed.header("ETag") != etag);
}
