#include "platform/core/money.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace mc;

namespace
{

constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();

currency const usd = *currency::from("USD");
currency const jpy = *currency::from("JPY");
currency const kwd = *currency::from("KWD");

}  // namespace

TEST_CASE("currency: ISO 4217 codes with their decimals")
{
    CHECK(usd.exponent() == 2);
    CHECK(jpy.exponent() == 0);
    CHECK(kwd.exponent() == 3);
    CHECK(currency::from("CLF")->exponent() == 4);
    CHECK(currency::from("EUR")->code() == "EUR");
    CHECK(currency::from("AED").has_value());  // The first and the last of the list.
    CHECK(currency::from("ZWG").has_value());
    CHECK(currency{} == usd);
}

TEST_CASE("currency: anything else is none")
{
    for (std::string_view const code : {"", "US", "USDX", "usd", "Usd", "XXX", "XAU", "XTS", "BGN",
                                        "DOL", "DEM", "ZZZ", "AAA", "U D", "¥¥¥"})
    {
        INFO(code);
        CHECK_FALSE(currency::from(code).has_value());
    }
}

TEST_CASE("to_decimal: with exactly the currency's decimals")
{
    CHECK(to_decimal({1999, usd}) == "19.99");
    CHECK(to_decimal({0, usd}) == "0.00");
    CHECK(to_decimal({5, usd}) == "0.05");
    CHECK(to_decimal({-50, usd}) == "-0.50");
    CHECK(to_decimal({1000, jpy}) == "1000");
    CHECK(to_decimal({-7, kwd}) == "-0.007");
    CHECK(to_decimal({highest, usd}) == "92233720368547758.07");
    CHECK(to_decimal({lowest, usd}) == "-92233720368547758.08");
}

TEST_CASE("to_js_number: as JavaScript prints the number")
{
    CHECK(to_js_number({1999, usd}) == "19.99");
    CHECK(to_js_number({1990, usd}) == "19.9");
    CHECK(to_js_number({2000, usd}) == "20");
    CHECK(to_js_number({0, usd}) == "0");
    CHECK(to_js_number({-10, usd}) == "-0.1");
    CHECK(to_js_number({1000, jpy}) == "1000");
    CHECK(to_js_number({1500, kwd}) == "1.5");
}

TEST_CASE("parse_decimal: plain decimals with no more places than the currency has")
{
    CHECK(parse_decimal("19.99", usd) == 1999);
    CHECK(parse_decimal("19.9", usd) == 1990);
    CHECK(parse_decimal("20", usd) == 2000);
    CHECK(parse_decimal("20.000000", usd) == 2000);
    CHECK(parse_decimal("007.50", usd) == 750);
    CHECK(parse_decimal("-0.5", usd) == -50);
    CHECK(parse_decimal("-0", usd) == 0);
    CHECK(parse_decimal("1000", jpy) == 1000);
    CHECK(parse_decimal("1000.0", jpy) == 1000);
    CHECK(parse_decimal("1.234", kwd) == 1234);
    CHECK(parse_decimal("92233720368547758.07", usd) == highest);
    CHECK(parse_decimal("-92233720368547758.08", usd) == lowest);
    CHECK(parse_decimal("9223372036854775807", jpy) == highest);
}

TEST_CASE("parse_decimal: everything else is nothing, never rounded")
{
    for (std::string_view const digits : {"",
                                          "-",
                                          ".",
                                          ".5",
                                          "5.",
                                          "+5",
                                          "1,5",
                                          "1e2",
                                          "0x10",
                                          " 5",
                                          "5 ",
                                          "--5",
                                          "1.2.3",
                                          "19.999",
                                          "0.001",
                                          "92233720368547758.08",
                                          "-92233720368547758.09",
                                          "92233720368547759",
                                          "99999999999999999999999",
                                          "NaN",
                                          "٥"})
    {
        INFO(digits);
        CHECK_FALSE(parse_decimal(digits, usd).has_value());
    }
    CHECK_FALSE(parse_decimal("0.5", jpy).has_value());
    CHECK_FALSE(parse_decimal("1.2345", kwd).has_value());
}

TEST_CASE("add: within one currency and within int64")
{
    CHECK(add({1, usd}, {2, usd})->minor() == 3);
    CHECK(add({highest - 1, usd}, {1, usd})->minor() == highest);
    CHECK(add({highest, usd}, {1, usd}).error().code == "money.too_large");
    CHECK(add({lowest, usd}, {-1, usd}).error().code == "money.too_large");
    CHECK(add({1, usd}, {1, jpy}).error().code == "money.mixed_currency");
    CHECK(add({1, usd}, {1, jpy}).error().message == "Amounts in USD and JPY cannot be added");
}

TEST_CASE("times: within int64")
{
    CHECK(times({1999, usd}, 2)->minor() == 3998);
    CHECK(times({highest / 2, usd}, 2).has_value());
    CHECK(times({highest / 2 + 1, usd}, 2).error().code == "money.too_large");
    CHECK(times({1, kwd}, 5)->in() == kwd);
}
