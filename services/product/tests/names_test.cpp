#include <doctest/doctest.h>

#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

std::string slug_shown(product_shop& shop, std::string const& name)
{
    std::string const slug = shop.shown(shop.product_named(name)).member("slug");
    return slug.substr(1, slug.size() - 2);
}

testing::test_reply add_named(product_shop& shop, std::string_view name)
{
    return shop.supplier().post("/products", product_body({{"name", in_quotes(name)}}));
}

std::string repeated(std::string_view text, std::size_t times)
{
    std::string all;
    for (std::size_t n = 0; n < times; ++n)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("slugs: names of every script have one, accents and signs go")
{
    product_shop shop;
    CHECK(slug_shown(shop, "Stoneware Mug") == "stoneware-mug");
    CHECK(slug_shown(shop, "Été & books!!") == "ete-books");
    CHECK(slug_shown(shop, "Crème Brûlée") == "creme-brulee");
    CHECK(slug_shown(shop, "قهوة عربية") == "قهوة-عربية");
    CHECK(slug_shown(shop, "中文商品") == "中文商品");
    CHECK(slug_shown(shop, "Чай 100 г") == "чаи-100-г");
    CHECK(slug_shown(shop, "한국 차") == "한국-차");
    CHECK(slug_shown(shop, "Ａ４ ノート") == "a4-ノート");
    CHECK(slug_shown(shop, "--- 7 & 8 ---") == "7-8");
}

TEST_CASE("slugs: different names that give one slug get numbers and do not collide")
{
    product_shop shop;
    CHECK(slug_shown(shop, "X C") == "x-c");
    CHECK(slug_shown(shop, "X C#") == "x-c-2");
    CHECK(slug_shown(shop, "X C++") == "x-c-3");
    CHECK(slug_shown(shop, "X C 2") == "x-c-2-2");
    CHECK(slug_shown(shop, "X-C") == "x-c-4");
}

TEST_CASE("slugs: they are cut at 220 characters, with room for the number")
{
    product_shop shop;
    std::string const sharp = repeated("ß", 179);
    CHECK(slug_shown(shop, sharp + "!") == repeated("s", 220));
    CHECK(slug_shown(shop, sharp + "?") == repeated("s", 218) + "-2");
}

TEST_CASE("names: one name in another case, with other blanks or composed otherwise is taken")
{
    product_shop shop;
    shop.product_named("Red Été Straße");
    for (char const* same : {"Red Été Straße", "RED ÉTÉ STRASSE", "red été straße",
                             "  Red   Été  Straße ", "Red E\u0301te\u0301 Straße"})
    {
        CAPTURE(same);
        auto const reply = add_named(shop, same);
        CHECK(reply.status == 409);
        CHECK(reply.message() == "Product already exists");
        CHECK(reply.code() == "product.exists");
    }
    // Another supplier does not get it either.
    CHECK(shop.supplier(31)
              .post("/products", product_body({{"name", in_quotes("red été strasse")}}))
              .status == 409);
    CHECK(add_named(shop, "Red Ete Straße").status == 201);
    CHECK(shop.nobody().get("/products").number("count") == 2);
}

TEST_CASE("names: after a product is deleted its name and slug can be used again")
{
    product_shop shop;
    std::int64_t const first = shop.product_named("Mug");
    REQUIRE(shop.supplier().del(fmt::format("/products/{}", first)).status == 200);
    std::int64_t const second = shop.product_named("MUG");
    CHECK(second > first);
    CHECK(shop.shown(second).member("slug") == "\"mug\"");
    CHECK(add_named(shop, "mug").status == 409);
}

TEST_CASE("names: after a product is renamed its old name and slug can be used again")
{
    product_shop shop;
    std::int64_t const renamed = shop.product_named("Mug");
    auto const cup = shop.supplier().put(fmt::format("/products/{}", renamed), R"({"name":"Cup"})");
    REQUIRE(cup.status == 200);
    CHECK(cup.member("slug") == "\"cup\"");
    CHECK(shop.shown(shop.product_named("Mug")).member("slug") == "\"mug\"");
    CHECK(add_named(shop, "Cup").status == 409);
}

TEST_CASE("names: a product may change the spelling of its own name, and keeps its slug")
{
    product_shop shop;
    shop.product_named("X C");
    std::int64_t const sharp = shop.product_named("X C#");
    auto const louder =
        shop.supplier().put(fmt::format("/products/{}", sharp), R"({"name":"X  C #"})");
    REQUIRE(louder.status == 200);
    CHECK(louder.member("name") == "\"X  C #\"");
    CHECK(louder.member("slug") == "\"x-c-2\"");
}

TEST_CASE("names: a product cannot take the name of another")
{
    product_shop shop;
    shop.product_named("Mug");
    std::int64_t const cup = shop.product_named("Cup");
    auto const before = shop.shown(cup).body;
    auto const reply = shop.supplier().put(fmt::format("/products/{}", cup), R"({"name":"MUG"})");
    CHECK(reply.status == 409);
    CHECK(reply.message() == "Product already exists");
    CHECK(shop.shown(cup).body == before);
    CHECK(shop.published<contracts::product_updated>().empty());
}

TEST_CASE("names of categories: one slug, one category; a deleted one frees it")
{
    product_shop shop;
    std::int64_t const first = shop.category("C & Co");
    for (char const* same : {"C & Co", "c co", "  C   &  CO ", "C# Co"})
    {
        CAPTURE(same);
        auto const reply = shop.admin().post("/categories", object_of({{"name", in_quotes(same)}}));
        CHECK(reply.status == 409);
        CHECK(reply.message() == "Category already exists");
    }
    CHECK(shop.admin().del(fmt::format("/categories/{}", first)).status == 200);
    CHECK(shop.category("c co") > first);
}
