#include <doctest/doctest.h>

#include "services/product/domain/product.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

struct bad_product
{
    std::string why;
    json_members members;
    char const* message;
};

constexpr char const* bad_category = "Valid categoryId is required";
constexpr char const* no_name = "Product name is required";
constexpr char const* bad_price = "Product price must be greater than 0";
constexpr char const* bad_stock = "stockQuantity must be a non-negative integer";
constexpr char const* no_image = "Product must include at least one image";
constexpr char const* bad_image = "Each product image must be a valid http/https URL";
constexpr char const* bad_currency = "Currency must be an ISO 4217 code, such as USD";
constexpr char const* bad_description = "Description must be a text of at most 65535 bytes";

std::string images(std::size_t count)
{
    std::string list;
    for (std::size_t n = 0; n < count; ++n)
        list += fmt::format(R"({}"https://shop.example/{}.png")", n == 0 ? "" : ",", n);
    return "[" + list + "]";
}

std::string repeated(std::string_view text, std::size_t times)
{
    std::string all;
    for (std::size_t n = 0; n < times; ++n)
        all += text;
    return all;
}

std::vector<bad_product> bad_categories_and_names()
{
    return {
        {"no category", {{"categoryId", ""}}, bad_category},
        {"category null", {{"categoryId", "null"}}, bad_category},
        {"category 0", {{"categoryId", "0"}}, bad_category},
        {"category negative", {{"categoryId", "-1"}}, bad_category},
        {"category with a fraction", {{"categoryId", "1.5"}}, bad_category},
        {"category true", {{"categoryId", "true"}}, bad_category},
        {"category in a list", {{"categoryId", "[1]"}}, bad_category},
        {"category in hexadecimal", {{"categoryId", R"("0x1")"}}, bad_category},
        {"category with an exponent", {{"categoryId", R"("1e0")"}}, bad_category},
        {"category beyond int64", {{"categoryId", "9223372036854775808"}}, bad_category},
        {"no name", {{"name", ""}}, no_name},
        {"name null", {{"name", "null"}}, no_name},
        {"name empty", {{"name", R"("")"}}, no_name},
        {"name blank", {{"name", R"(" \t ")"}}, no_name},
        {"name a number", {{"name", "5"}}, no_name},
        {"name a list", {{"name", "[]"}}, no_name},
        {"name of 181 characters",
         {{"name", in_quotes(repeated("ü", 181))}},
         "Product name must be at most 180 characters"},
        {"name with a control character",
         {{"name", R"("Mu\u0007g")"}},
         "Product name must not contain control characters"},
        {"name with U+0000", {{"name", R"("Mu\u0000g")"}}, no_name},
        {"name of signs alone", {{"name", R"("!!! ---")"}}, "Invalid product name"},
    };
}

std::vector<bad_product> bad_prices()
{
    return {
        {"no price", {{"price", ""}}, bad_price},
        {"price null", {{"price", "null"}}, bad_price},
        {"price 0", {{"price", "0"}}, bad_price},
        {"price 0.00 as text", {{"price", R"("0.00")"}}, bad_price},
        {"price negative", {{"price", "-1"}}, bad_price},
        {"price -0.0", {{"price", "-0.0"}}, bad_price},
        {"price true", {{"price", "true"}}, bad_price},
        {"price in a list", {{"price", "[5]"}}, bad_price},
        {"price an object", {{"price", "{}"}}, bad_price},
        {"price in hexadecimal", {{"price", R"("0x10")"}}, bad_price},
        {"price with an exponent as text", {{"price", R"("1e2")"}}, bad_price},
        {"price with blanks", {{"price", R"(" 5 ")"}}, bad_price},
        {"price with a plus", {{"price", R"("+5")"}}, bad_price},
        {"price with a comma", {{"price", R"("19,99")"}}, bad_price},
        {"price empty", {{"price", R"("")"}}, bad_price},
        {"price NaN", {{"price", R"("NaN")"}}, bad_price},
        {"price of 1e300", {{"price", "1e300"}}, bad_price},
        {"price below a cent", {{"price", "0.001"}}, "A price in USD has at most 2 decimals"},
        {"price of three decimals", {{"price", "8.575"}}, "A price in USD has at most 2 decimals"},
        {"one cent too much",
         {{"price", "10000000000.00"}},
         "Product price can be at most 9999999999.99"},
        {"yen with decimals",
         {{"price", "10.5"}, {"currency", in_quotes("JPY")}},
         "A price in JPY has at most 0 decimals"},
        {"dinar of four decimals",
         {{"price", "1.2345"}, {"currency", in_quotes("KWD")}},
         "A price in KWD has at most 3 decimals"},
        {"currency of two letters", {{"currency", in_quotes("US")}}, bad_currency},
        {"currency of four letters", {{"currency", in_quotes("USDX")}}, bad_currency},
        {"currency of signs", {{"currency", in_quotes("¥¥¥")}}, bad_currency},
        {"a currency nobody knows", {{"currency", in_quotes("ZZZ")}}, bad_currency},
        {"currency a number", {{"currency", "840"}}, bad_currency},
        {"currency empty", {{"currency", R"("")"}}, bad_currency},
        {"stock negative", {{"stockQuantity", "-1"}}, bad_stock},
        {"stock with a fraction", {{"stockQuantity", "1.5"}}, bad_stock},
        {"stock true", {{"stockQuantity", "true"}}, bad_stock},
        {"stock a list", {{"stockQuantity", "[]"}}, bad_stock},
        {"stock empty", {{"stockQuantity", R"("")"}}, bad_stock},
        {"stock in hexadecimal", {{"stockQuantity", R"("0x7")"}}, bad_stock},
        {"stock one too large",
         {{"stockQuantity", "4294967296"}},
         "stockQuantity must be at most 4294967295"},
        {"stock beyond int64", {{"stockQuantity", "9223372036854775808"}}, bad_stock},
    };
}

std::vector<bad_product> bad_images_and_texts()
{
    std::string const url_1001 = "https://shop.example/" + std::string(980, 'x');
    return {
        {"no images", {{"images", ""}}, no_image},
        {"images null", {{"images", "null"}}, no_image},
        {"images empty", {{"images", "[]"}}, no_image},
        {"images a text", {{"images", in_quotes("https://shop.example/a.png")}}, no_image},
        {"images an object", {{"images", "{}"}}, no_image},
        {"21 images", {{"images", images(21)}}, "A product can have at most 20 images"},
        {"101 images", {{"images", images(101)}}, "A product can have at most 20 images"},
        {"image a number", {{"images", "[5]"}}, bad_image},
        {"image null", {{"images", "[null]"}}, bad_image},
        {"image a list", {{"images", "[[]]"}}, bad_image},
        {"image without url", {{"images", R"([{"isPrimary":true}])"}}, bad_image},
        {"image with an empty url", {{"images", R"([{"url":" "}])"}}, bad_image},
        {"image by ftp", {{"images", R"(["ftp://shop.example/a.png"])"}}, bad_image},
        {"image with a secret", {{"images", R"(["https://a:b@shop.example/a.png"])"}}, bad_image},
        {"image url of 1001 characters", {{"images", "[" + in_quotes(url_1001) + "]"}}, bad_image},
        {"the second image bad", {{"images", R"(["https://a.example/a.png","x"])"}}, bad_image},
        {"sortOrder too large",
         {{"images", R"([{"url":"https://a.example/a.png","sortOrder":2147483648}])"}},
         "images[0].sortOrder must be at most 2147483647"},
        {"sortOrder too small",
         {{"images", R"([{"url":"https://a.example/a.png","sortOrder":-2147483649}])"}},
         "images[0].sortOrder must be at least -2147483648"},
        {"sortOrder a word",
         {{"images", R"([{"url":"https://a.example/a.png","sortOrder":"first"}])"}},
         "images[0].sortOrder must be an integer"},
        {"description a number", {{"description", "5"}}, bad_description},
        {"description a list", {{"description", "[]"}}, bad_description},
        {"description of 65536 bytes",
         {{"description", in_quotes(std::string(65'536, 'd'))}},
         bad_description},
        {"description of 65538 bytes in 21846 characters",
         {{"description", in_quotes(repeated("漢", 21'846))}},
         bad_description},
        {"description with a control character",
         {{"description", R"("a\u0007b")"}},
         "Description must not contain control characters"},
    };
}

void check_refused(product_shop& shop, std::vector<bad_product> const& rows)
{
    for (bad_product const& each : rows)
    {
        CAPTURE(each.why);
        auto const reply = shop.supplier().post("/products", product_body(each.members));
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
        CHECK(reply.member("requestId") == "\"test-request\"");
    }
    CHECK(shop.nobody().get("/products").number("count") == 0);
    CHECK(shop.published<contracts::product_created>().empty());
}

}  // namespace

TEST_CASE("add_product: the answer holds the contract's members in their order")
{
    product_shop shop;
    shop.category();
    auto const made = shop.supplier().post(
        "/products", product_body({
                         {"name", in_quotes("  Tea Cup ")},
                         {"description", in_quotes("  Fine\\nchina. ")},
                         {"price", "19.9"},
                         {"currency", in_quotes(" eur ")},
                         {"images", R"(["http://img.example/a.png",)"
                                    R"({"url":" https://img.example/b.png ",)"
                                    R"("isPrimary":true},)"
                                    R"({"imageUrl":"HTTPS://img.example/c.png",)"
                                    R"("sortOrder":-3}])"},
                     }));
    CHECK(made.status == 201);
    constexpr char const* times = R"("createdAt":"2026-01-01T00:00:00.000Z",)"
                                  R"("updatedAt":"2026-01-01T00:00:00.000Z")";
    CHECK(made.body ==
          fmt::format(R"({{"id":1,"categoryId":1,"categoryName":"Kitchen","name":"Tea Cup",)"
                      R"("slug":"tea-cup","description":"Fine\nchina.","price":"19.90",)"
                      R"("currency":"EUR","stockQuantity":5,"isActive":1,"createdByUserId":30,)"
                      R"("createdByRole":"supplier",{0},"images":[)"
                      R"({{"id":1,"imageUrl":"https://img.example/b.png","isPrimary":1,)"
                      R"("sortOrder":1,{0}}},)"
                      R"({{"id":2,"imageUrl":"HTTPS://img.example/c.png","isPrimary":0,)"
                      R"("sortOrder":-3,{0}}},)"
                      R"({{"id":3,"imageUrl":"http://img.example/a.png","isPrimary":0,)"
                      R"("sortOrder":0,{0}}}]}})",
                      times));
    CHECK(shop.shown(1).body == made.body);
}

TEST_CASE("add_product: what is left out, or null, takes its default")
{
    product_shop shop;
    shop.category();
    for (std::string const& absent : {std::string(), std::string("null")})
    {
        auto const made =
            shop.admin().post("/products", product_body({{"name", in_quotes("Mug" + absent)},
                                                         {"stockQuantity", absent},
                                                         {"currency", absent},
                                                         {"description", absent}}));
        REQUIRE(made.status == 201);
        CHECK(made.number("stockQuantity") == 0);
        CHECK(made.member("currency") == "\"USD\"");
        CHECK(made.member("description") == "null");
        CHECK(made.member("createdByRole") == "\"admin\"");
    }
}

TEST_CASE("add_product: bad categories and names are refused, each with its sentence")
{
    product_shop shop;
    shop.category();
    check_refused(shop, bad_categories_and_names());
}

TEST_CASE("add_product: bad prices, currencies and stocks are refused, each with its sentence")
{
    product_shop shop;
    shop.category();
    check_refused(shop, bad_prices());
}

TEST_CASE("add_product: bad images and descriptions are refused, each with its sentence")
{
    product_shop shop;
    shop.category();
    check_refused(shop, bad_images_and_texts());
}

TEST_CASE("add_product: bodies that are no product are refused")
{
    product_shop shop;
    shop.category();
    CHECK(shop.supplier().post("/products", "").message() == bad_category);
    CHECK(shop.supplier().post("/products", "[]").message() == bad_category);
    CHECK(shop.supplier().post("/products", "{").message() == "Invalid JSON body");
    CHECK(shop.supplier().post("/products", "5").message() == "Invalid JSON body");
    CHECK(shop.supplier().post("/products", R"({"categoryId":1,"categoryId":1})").message() ==
          "categoryId is given more than once");
    CHECK(shop.nobody().get("/products").number("count") == 0);
}

TEST_CASE("add_product: the first thing wrong in the contract's order is the message, all are told")
{
    product_shop shop;
    auto const reply = shop.supplier().post(
        "/products", R"({"images":[],"stockQuantity":-1,"price":0,"name":"","categoryId":0})");
    CHECK(reply.message() == bad_category);
    CHECK(reply.member("errors") ==
          R"([{"field":"categoryId","rule":"id","message":"Valid categoryId is required"},)"
          R"({"field":"name","rule":"min_length","message":"Product name is required"},)"
          R"({"field":"price","rule":"min","message":"Product price must be greater than 0"},)"
          R"({"field":"stockQuantity","rule":"min",)"
          R"("message":"stockQuantity must be a non-negative integer"},)"
          R"({"field":"images","rule":"min_items",)"
          R"("message":"Product must include at least one image"}])");
}

TEST_CASE("add_product: every limit itself is accepted")
{
    product_shop shop;
    shop.category();
    std::string const url_1000 = "https://shop.example/" + std::string(979, 'x');
    json_members const rows[] = {
        {{"name", in_quotes(repeated("ü", 180))}},
        {{"name", in_quotes("digits")}, {"categoryId", R"("1")"}, {"stockQuantity", R"("7")"}},
        {{"name", in_quotes("cheap")}, {"price", "0.01"}},
        {{"name", in_quotes("dear")}, {"price", "9999999999.99"}},
        {{"name", in_quotes("dear as text")}, {"price", R"("9999999999.99")"}},
        {{"name", in_quotes("yen")}, {"price", "1000"}, {"currency", in_quotes("JPY")}},
        {{"name", in_quotes("dinar")}, {"price", R"("1.234")"}, {"currency", in_quotes("KWD")}},
        {{"name", in_quotes("no stock")}, {"stockQuantity", "0"}},
        {{"name", in_quotes("all stock")}, {"stockQuantity", "4294967295"}},
        {{"name", in_quotes("long")}, {"description", in_quotes(std::string(65'535, 'd'))}},
        {{"name", in_quotes("wide")}, {"description", in_quotes(repeated("漢", 21'845))}},
        {{"name", in_quotes("20 images")}, {"images", images(20)}},
        {{"name", in_quotes("long url")}, {"images", "[" + in_quotes(url_1000) + "]"}},
        {{"name", in_quotes("orders")},
         {"images", R"([{"url":"https://a.example/a.png","sortOrder":2147483647},)"
                    R"({"url":"https://a.example/b.png","sortOrder":-2147483648}])"}},
    };
    for (json_members const& each : rows)
    {
        CAPTURE(each.front().second);
        CHECK(shop.supplier().post("/products", product_body(each)).status == 201);
    }
    CHECK(shop.shown(4).member("price") == R"("9999999999.99")");
    CHECK(shop.shown(6).member("price") == R"("1000")");
    CHECK(shop.shown(7).member("price") == R"("1.234")");
}

TEST_CASE("add_product: into a category that is not there, or no longer, it is 404")
{
    product_shop shop;
    shop.category();
    CHECK(shop.admin().del("/categories/1").status == 200);
    for (char const* id : {"1", "77", "9223372036854775807"})
    {
        auto const reply = shop.supplier().post("/products", product_body({{"categoryId", id}}));
        CHECK(reply.status == 404);
        CHECK(reply.message() == "Category not found or inactive");
    }
    // The fields come before the look-up.
    CHECK(shop.supplier().post("/products", product_body({{"price", "0"}})).message() == bad_price);
}

TEST_CASE("add_product: the category comes before pictures, currency and description")
{
    product_shop shop;
    shop.category();
    for (json_members const& each : {
             json_members{{"images", ""}},
             json_members{{"images", "[]"}, {"description", "5"}},
             json_members{{"images", R"(["ftp://shop.example/a.png"])"}},
             json_members{{"currency", in_quotes("dollars")}},
             json_members{{"currency", in_quotes("ZZZ")}},
         })
    {
        CAPTURE(object_of(each));
        json_members elsewhere = each;
        elsewhere.emplace_back("categoryId", "99999");
        auto const reply = shop.supplier().post("/products", product_body(elsewhere));
        CHECK(reply.status == 404);
        CHECK(reply.message() == "Category not found or inactive");
        CHECK(shop.supplier().post("/products", product_body(each)).status == 400);
    }
    // Name, price and stock come before it.
    auto const cheap = shop.supplier().post(
        "/products", product_body({{"categoryId", "99999"}, {"price", "0"}, {"images", "[]"}}));
    CHECK(cheap.status == 400);
    CHECK(cheap.message() == bad_price);
    CHECK(shop.nobody().get("/products").number("count") == 0);
}

TEST_CASE("add_product: what is not the supplier's to say is passed over")
{
    product_shop shop;
    shop.category();
    auto const made =
        shop.supplier().post("/products", product_body({{"id", "77"},
                                                        {"slug", in_quotes("mine")},
                                                        {"isActive", "0"},
                                                        {"createdByUserId", "1"},
                                                        {"createdByRole", in_quotes("admin")}}));
    REQUIRE(made.status == 201);
    CHECK(made.number("id") == 1);
    CHECK(made.member("slug") == "\"mug\"");
    CHECK(made.number("isActive") == 1);
    CHECK(made.number("createdByUserId") == 30);
    CHECK(made.member("createdByRole") == "\"supplier\"");
}
