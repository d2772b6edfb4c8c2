#include <doctest/doctest.h>
#include <fmt/format.h>

#include "services/product/domain/errors.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service
{
namespace
{

constexpr timestamp now = from_epoch_ms(1'000);

struct price_row
{
    char const* currency;
    char const* digits;
    std::int64_t minor;     // 0: refused …
    char const* code = "";  // … with this code.
};

constexpr char const* not_positive = "product.invalid_price";
constexpr char const* too_large = "product.price_too_large";
constexpr char const* too_precise = "product.price_too_precise";

}  // namespace

TEST_CASE("price_of: exact in every currency, with both sides of each limit")
{
    price_row const rows[] = {
        {"USD", "19.99", 1999},
        {"USD", "20", 2000},
        {"USD", "19.9", 1990},
        {"USD", "007.50", 750},
        {"USD", "1.000", 100},
        {"USD", "0.01", 1},
        {"USD", "9999999999.99", 999'999'999'999},
        {"USD", "00009999999999.99", 999'999'999'999},
        {"USD", "10000000000", 0, too_large},
        {"USD", "10000000000.001", 0, too_large},
        {"USD", "99999999999999999999999999999999999999", 0, too_large},
        {"USD", "9999999999.991", 0, too_precise},
        {"USD", "1.005", 0, too_precise},
        {"USD", "0.001", 0, too_precise},
        {"USD", "0", 0, not_positive},
        {"USD", "0.00", 0, not_positive},
        {"USD", "-0", 0, not_positive},
        {"USD", "-0.01", 0, not_positive},
        {"USD", "-5", 0, not_positive},
        {"JPY", "1", 1},
        {"JPY", "1000", 1000},
        {"JPY", "1000.0", 1000},
        {"JPY", "10.5", 0, too_precise},
        {"JPY", "9999999999", 9'999'999'999},
        {"JPY", "10000000000", 0, too_large},
        {"KWD", "1.234", 1234},
        {"KWD", "0.001", 1},
        {"KWD", "1.2345", 0, too_precise},
        {"KWD", "999999999.999", 999'999'999'999},
        {"KWD", "1000000000", 0, too_large},
        {"CLF", "1.2345", 12345},
        {"CLF", "1.23456", 0, too_precise},
    };
    for (price_row const& each : rows)
    {
        CAPTURE(each.currency);
        CAPTURE(each.digits);
        result<money> const price = price_of(each.digits, each.currency);
        CHECK(price.has_value() == (each.minor > 0));
        if (price)
            CHECK(*price == money(each.minor, currency::from(each.currency).value()));
        else
            CHECK(price.error().code == each.code);
    }
}

TEST_CASE("price_of: the sentence names the limit of the currency")
{
    CHECK(price_of("1e1", "USD").error().kind == error_kind::invalid);
    CHECK(price_of("0", "USD").error().message == "Product price must be greater than 0");
    CHECK(price_of("1.005", "USD").error().message == "A price in USD has at most 2 decimals");
    CHECK(price_of("0.5", "JPY").error().message == "A price in JPY has at most 0 decimals");
    CHECK(price_of("10000000000", "USD").error().message ==
          "Product price can be at most 9999999999.99");
    CHECK(price_of("10000000000", "JPY").error().message ==
          "Product price can be at most 9999999999");
    CHECK(price_of("1000000000", "KWD").error().message ==
          "Product price can be at most 999999999.999");
}

TEST_CASE("price_of: only codes of ISO 4217 in capitals are currencies")
{
    for (char const* unknown : {"ZZZ", "usd", "US", "USDX", "", "840", "XXX"})
    {
        CAPTURE(unknown);
        result<money> const price = price_of("5", unknown);
        REQUIRE(!price);
        CHECK(price.error().message == "Currency must be an ISO 4217 code, such as USD");
    }
}

TEST_CASE("is_image_url: addresses of the web with a host, and nothing else")
{
    std::string const stem = "https://shop.example/";
    for (std::string const& good :
         {stem, stem + std::string(image_url_max - stem.size(), 'x'),
          std::string("http://shop.example"), std::string("HTTP://SHOP.example/a.png"),
          std::string("https://shop.example:8443/a.png?w=1&h=2#top"),
          std::string("https://shop.example:65535"), std::string("https://shop.example:/a.png"),
          std::string("https://127.0.0.1:8080/a.png"), std::string("https://[::1]/a.png"),
          std::string("https://[2001:db8::1]:8080/a.png"),
          std::string("https://bücher.example/ü.png"),
          std::string("https://shop.example/user@name.png"),
          std::string("https://shop.example?q=a:b@c")})
    {
        CAPTURE(good);
        CHECK(is_image_url(good));
    }
    for (std::string const& bad : {std::string(),
                                   std::string("a.png"),
                                   std::string("/a.png"),
                                   std::string("//shop.example/a.png"),
                                   std::string("ftp://shop.example/a.png"),
                                   std::string("javascript:alert(1)"),
                                   std::string("data:image/png;base64,AA=="),
                                   std::string("file:///etc/passwd"),
                                   std::string("http:/shop.example"),
                                   std::string("https://"),
                                   std::string("https:///a.png"),
                                   std::string("https://?a"),
                                   std::string("https://#a"),
                                   std::string("https://:80/a.png"),
                                   std::string("https://user@shop.example/a.png"),
                                   std::string("https://user:secret@shop.example/a.png"),
                                   std::string("https://shop.example:0/a.png"),
                                   std::string("https://shop.example:65536/a.png"),
                                   std::string("https://shop.example:99999/a.png"),
                                   std::string("https://shop.example:8o/a.png"),
                                   std::string("https://a:b:1/a.png"),
                                   std::string("https://[::1/a.png"),
                                   std::string("https://[::1]x/a.png"),
                                   std::string("https://[]/a.png"),
                                   std::string("https://[abc]/a.png"),
                                   std::string("https://[::g]/a.png"),
                                   std::string("https://a[b]/a.png"),
                                   std::string("https://shop example/a.png"),
                                   std::string("http:// a b\"<"),
                                   std::string("https://shop.example/a b.png"),
                                   std::string("https://shop.example/a\nb.png"),
                                   std::string("https://shop.example/\x7f.png"),
                                   std::string("https://shop.example\\a.png"),
                                   std::string("https://shop.example/\"><script>"),
                                   std::string("https://shop.example/\xff.png"),
                                   stem + std::string(image_url_max - stem.size() + 1, 'x')})
    {
        CAPTURE(bad);
        CHECK(!is_image_url(bad));
    }
}

TEST_CASE("is_image_url: its length counts characters, not bytes")
{
    std::string url = "https://shop.example/";
    while (url.size() < image_url_max * 2 - 21)
        url += "ü";
    CHECK(is_image_url(url));
    CHECK(!is_image_url(url + "ü"));
}

TEST_CASE("arranged: one image is primary and comes first, the others by their order")
{
    auto const orders = [](std::vector<product_image> const& images)
    {
        std::string text;
        for (product_image const& image : images)
            text +=
                fmt::format("{}{}:{} ", image.url, image.is_primary ? "*" : "", image.sort_order);
        return text;
    };
    CHECK(orders(arranged({}, now)).empty());
    CHECK(orders(arranged({{"a", false, {}}}, now)) == "a*:0 ");
    CHECK(orders(arranged({{"a", false, {}}, {"b", false, {}}}, now)) == "a*:0 b:1 ");
    CHECK(orders(arranged({{"a", false, {}}, {"b", true, {}}}, now)) == "b*:1 a:0 ");
    CHECK(orders(arranged({{"a", false, {}}, {"b", true, {}}, {"c", true, {}}}, now)) ==
          "b*:1 a:0 c:2 ");
    CHECK(orders(arranged({{"a", false, 5}, {"b", false, -3}, {"c", false, {}}}, now)) ==
          "a*:5 b:-3 c:2 ");
    CHECK(orders(arranged({{"a", true, 9}, {"b", false, 4}, {"c", false, 4}}, now)) ==
          "a*:9 b:4 c:4 ");
    CHECK(arranged({{"a", false, {}}}, now)[0].created_at == now);
    CHECK(arranged({{"a", false, {}}}, now)[0].updated_at == now);
}

TEST_CASE("same_images: what they show counts, not ids and times")
{
    std::vector<product_image> const one = arranged({{"a", true, 1}}, now);
    std::vector<product_image> other = arranged({{"a", true, 1}}, now + seconds(5));
    other[0].id = id_of<product_image>(9);
    CHECK(same_images(one, other));
    CHECK(!same_images(one, arranged({{"b", true, 1}}, now)));
    CHECK(!same_images(one, arranged({{"a", true, 2}}, now)));
    CHECK(!same_images(one, {}));
}

TEST_CASE("numbered_slug: the first has no number, the others fit with theirs")
{
    CHECK(numbered_slug("mug", 1, 10) == "mug");
    CHECK(numbered_slug("mug", 2, 10) == "mug-2");
    CHECK(numbered_slug("mug", 37, 10) == "mug-37");
    CHECK(numbered_slug("1234567890", 1, 10) == "1234567890");
    CHECK(numbered_slug("1234567890", 2, 10) == "12345678-2");
    CHECK(numbered_slug("1234567890", 10, 10) == "1234567-10");
    // Never two dashes where the cut falls on one.
    CHECK(numbered_slug("1234567-90", 2, 10) == "1234567-2");
    CHECK(numbered_slug("中文中文中文中文中文", 2, 10) == "中文中文中文中文-2");
}

TEST_CASE("primary_image_url: the first image's, and nothing without images")
{
    product of;
    CHECK(primary_image_url(of).empty());
    of.images = arranged({{"a", false, {}}, {"b", true, {}}}, now);
    CHECK(primary_image_url(of) == "b");
}

}  // namespace mc::product_service
