#include <doctest/doctest.h>

#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

struct bad_category
{
    std::string why;
    json_members members;
    char const* message;
};

std::vector<bad_category> bad_categories()
{
    return {
        {"name null", {{"name", "null"}}, "Category name is required"},
        {"name empty", {{"name", R"("")"}}, "Category name is required"},
        {"name blank", {{"name", R"(" \t ")"}}, "Category name is required"},
        {"name a number", {{"name", "5"}}, "Category name is required"},
        {"name a list", {{"name", R"(["Books"])"}}, "Category name is required"},
        {"name of 121 characters",
         {{"name", in_quotes(std::string(121, 'n'))}},
         "Category name must be at most 120 characters"},
        {"name with a control character",
         {{"name", R"("a\u0001b")"}},
         "Category name must not contain control characters"},
        {"name of signs alone", {{"name", in_quotes("!!! ---")}}, "Invalid category name"},
        {"description of 65536 bytes",
         {{"name", in_quotes("A")}, {"description", in_quotes(std::string(65'536, 'd'))}},
         "Description must be a text of at most 65535 bytes"},
        {"description with U+0000",
         {{"name", in_quotes("A")}, {"description", R"("a\u0000b")"}},
         "Description must be a text of at most 65535 bytes"},
        {"description with a control character",
         {{"name", in_quotes("A")}, {"description", R"("a\u0001b")"}},
         "Description must not contain control characters"},
    };
}

}  // namespace

TEST_CASE("add_category: the answer holds the contract's members in their order")
{
    product_shop shop;
    auto const made = shop.admin().post(
        "/categories", R"({"name":"  Home & Été ","description":" For living.\nAnd more. "})");
    CHECK(made.status == 201);
    CHECK(made.body == R"({"id":1,"name":"Home & Été","slug":"home-ete",)"
                       R"("description":"For living.\nAnd more.","isActive":1,)"
                       R"("createdByUserId":900,"createdAt":"2026-01-01T00:00:00.000Z",)"
                       R"("updatedAt":"2026-01-01T00:00:00.000Z"})");
}

TEST_CASE("add_category: a description that is no text, or blank, is none")
{
    product_shop shop;
    int number = 0;
    for (char const* none : {"", "null", R"("")", R"("  ")", "7", "{}", "[]", "true"})
    {
        CAPTURE(none);
        auto const made = shop.admin().post(
            "/categories",
            object_of({{"name", in_quotes(fmt::format("C {}", ++number))}, {"description", none}}));
        CHECK(made.status == 201);
        CHECK(made.member("description") == "null");
    }
}

TEST_CASE("add_category: what is wrong is refused with its sentence, and nothing is made")
{
    product_shop shop;
    CHECK(shop.admin().post("/categories", "").message() == "Category name is required");
    for (bad_category const& each : bad_categories())
    {
        CAPTURE(each.why);
        auto const reply = shop.admin().post("/categories", object_of(each.members));
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
    }
    CHECK(shop.nobody().get("/categories").number("count") == 0);
    CHECK(shop.published<contracts::category_created>().empty());
}

TEST_CASE("add_category: the limits themselves are accepted, unknown members are passed over")
{
    product_shop shop;
    auto const made = shop.admin().post(
        "/categories", object_of({{"name", in_quotes(std::string(120, 'n'))},
                                  {"description", in_quotes(std::string(65'535, 'd'))},
                                  {"slug", in_quotes("mine")},
                                  {"isActive", "0"}}));
    CHECK(made.status == 201);
    CHECK(made.member("slug") == in_quotes(std::string(120, 'n')));
    CHECK(made.number("isActive") == 1);
}

TEST_CASE("change_category: a new name makes a new slug, and its products show it")
{
    product_shop shop;
    shop.category("Kitchen");
    std::int64_t const mug = shop.product();
    shop.clock.advance(seconds(5));
    auto const changed =
        shop.admin().put("/categories/1", R"({"name":"Table & Kitchen","description":"Both."})");
    CHECK(changed.status == 200);
    CHECK(changed.body == R"({"id":1,"name":"Table & Kitchen","slug":"table-kitchen",)"
                          R"("description":"Both.","isActive":1,"createdByUserId":900,)"
                          R"("createdAt":"2026-01-01T00:00:00.000Z",)"
                          R"("updatedAt":"2026-01-01T00:00:05.000Z"})");
    CHECK(shop.shown(mug).member("categoryName") == "\"Table & Kitchen\"");

    CHECK(shop.admin().put("/categories/1", R"({"description":""})").member("description") ==
          "null");
}

TEST_CASE("change_category: what is wrong is refused with its sentence, and it stays as it was")
{
    product_shop shop;
    shop.category("Kitchen");
    shop.category("Books");
    auto const before = shop.nobody().get("/categories").body;
    auto const admin = shop.admin();
    for (bad_category const& each : bad_categories())
    {
        if (each.members.front().second == "null")
            continue;  // Left as it is.
        CAPTURE(each.why);
        auto const reply = admin.put("/categories/1", object_of(each.members));
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
    }
    CHECK(admin.put("/categories/1", R"({"name":"BOOKS"})").status == 409);
    CHECK(admin.put("/categories/1", R"({"name":"books!"})").message() ==
          "Category already exists");
    CHECK(admin.put("/categories/1", "{}").message() == "No valid fields to update");
    CHECK(admin.put("/categories/1", R"({"description":5})").status == 400);
    CHECK(admin.put("/categories/1", R"({"name":"A","slug":"a"})").message() ==
          "slug is not a known field");
    CHECK(admin.put("/categories/77", R"({"name":"A"})").message() == "Category not found");
    CHECK(admin.put("/categories/77", R"({"name":"A"})").status == 404);
    CHECK(shop.nobody().get("/categories").body == before);
    CHECK(shop.published<contracts::category_updated>().empty());
}

TEST_CASE("delete_category: only one without products; then it is gone for good")
{
    product_shop shop;
    shop.category();
    std::int64_t const mug = shop.product();
    auto const full = shop.admin().del("/categories/1");
    CHECK(full.status == 409);
    CHECK(full.message() == "Category still has products; move or delete them first");
    CHECK(shop.nobody().get("/categories").number("count") == 1);

    REQUIRE(shop.supplier().del(fmt::format("/products/{}", mug)).status == 200);
    auto const deleted = shop.admin().del("/categories/1");
    CHECK(deleted.status == 200);
    CHECK(deleted.body == R"({"message":"Category deleted"})");
    CHECK(shop.nobody().get("/categories").body == R"({"count":0,"categories":[]})");
    CHECK(shop.admin().del("/categories/1").status == 404);
    CHECK(shop.admin().put("/categories/1", R"({"name":"Back"})").status == 404);
}

TEST_CASE("delete_category: a product that moved away does not hold it, one that moved in does")
{
    product_shop shop;
    shop.category("From");
    shop.category("To");
    std::int64_t const mug = shop.product();
    REQUIRE(shop.supplier().put(fmt::format("/products/{}", mug), R"({"categoryId":2})").status ==
            200);
    CHECK(shop.admin().del("/categories/2").status == 409);
    CHECK(shop.admin().del("/categories/1").status == 200);
}

TEST_CASE("list_categories: the contract's members, active ones only, by name without case")
{
    product_shop shop;
    for (char const* name : {"banana", "Apple", "cherry", "Élder", "Zebra", "gone"})
        shop.category(name);
    REQUIRE(shop.admin().del("/categories/6").status == 200);
    auto const all = shop.nobody().get("/categories");
    CHECK(all.status == 200);
    CHECK(all.body.starts_with(
        R"({"count":5,"categories":[{"id":2,"name":"Apple","slug":"apple","description":null,)"
        R"("isActive":1,"createdAt":"2026-01-01T00:00:00.000Z",)"
        R"("updatedAt":"2026-01-01T00:00:00.000Z"},{"id":1,"name":"banana",)"));
    CHECK(all.body.find("Zebra") < all.body.find("Élder"));
    CHECK(all.body.find("gone") == std::string::npos);
    CHECK(all.body.find("createdByUserId") == std::string::npos);
}

TEST_CASE("list_categories: at most 100, the rest is told of and can be paged to")
{
    product_shop shop;
    for (int n = 0; n < 101; ++n)
        shop.category(fmt::format("Category {:03}", n));
    auto const all = shop.nobody().get("/categories");
    CHECK(all.number("count") == 100);
    CHECK(all.members() == "count,categories");
    CHECK(all.header("X-Total-Count") == "101");
    CHECK(all.header("Link").find(R"(</categories?page=2&pageSize=100>; rel="next")") !=
          std::string::npos);

    auto const last = shop.nobody().get("/categories?page=2&pageSize=100");
    CHECK(last.members() == "count,categories,page,pageSize,total,totalPages");
    CHECK(last.number("count") == 1);
    CHECK(last.number("total") == 101);
    CHECK(last.number("totalPages") == 2);
    CHECK(last.body.find("Category 100") != std::string::npos);
    CHECK(shop.nobody().get("/categories?page=3&pageSize=100").number("count") == 0);
    for (char const* bad : {"page=0", "page=x", "pageSize=0", "pageSize=101"})
        CHECK(shop.nobody().get(std::string("/categories?") + bad).status == 400);
}

TEST_CASE("list_categories: an unchanged list is 304 for who has it")
{
    product_shop shop;
    shop.category();
    std::string const etag = shop.nobody().get("/categories").header("ETag");
    REQUIRE(!etag.empty());
    auto const same = shop.nobody().if_none_match(etag).get("/categories");
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    shop.category("Books");
    CHECK(shop.nobody().if_none_match(etag).get("/categories").status == 200);
}
