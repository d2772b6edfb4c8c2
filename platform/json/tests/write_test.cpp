#include <doctest/doctest.h>

#include <limits>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

namespace
{

template <class T>
std::string it_written(T value)
{
    return json::to_text(one<T>{std::move(value)});
}

}  // namespace

TEST_CASE("write: members in declared order, names in camelCase, no blanks")
{
    line_request const line{id_of<thing>(7), bounded<1, 999>(3)};

    CHECK(json::to_text(line) == R"({"productId":7,"quantity":3})");
    CHECK(json::to_text(line_request{id_of<thing>(7), std::nullopt}) ==
          R"({"productId":7,"quantity":null})");
}

TEST_CASE("write: every type has its form")
{
    everything all;
    all.yes = true;
    all.small = std::numeric_limits<std::int32_t>::min();
    all.small_positive = std::numeric_limits<std::uint32_t>::max();
    all.large = std::numeric_limits<std::int64_t>::min();
    all.large_positive = std::numeric_limits<std::uint64_t>::max();
    all.words = "Grüße";
    all.now_and_then = 5;
    all.numbers = {1, -2};
    all.labels = {{"a\"b", "c"}};
    all.paint = colour::default_;
    all.created_at = *parse_iso("2026-02-15T12:00:00.007Z");
    all.paid_in = *currency::from("KWD");
    all.price = {"19.90"};
    all.payload = {R"({"b":[1]})"};

    CHECK(json::to_text(all) ==
          R"({"yes":true,"small":-2147483648,"smallPositive":4294967295,)"
          R"("large":-9223372036854775808,)"
          R"("largePositive":18446744073709551615,"words":"Grüße","maybe":null,"nowAndThen":5,)"
          R"("numbers":[1,-2],"labels":{"a\"b":"c"},"paint":"default",)"
          R"("createdAt":"2026-02-15T12:00:00.007Z","paidIn":"KWD","price":19.90,)"
          R"("payload":{"b":[1]}})");
}

TEST_CASE("write: an omitted member leaves no comma behind, wherever it stands")
{
    struct_of_omitted const none{};
    CHECK(json::to_text(none) == "{}");
    CHECK(json::to_text(struct_of_omitted{{}, 2, {}}) == R"({"b":2})");
    CHECK(json::to_text(struct_of_omitted{1, {}, 3}) == R"({"a":1,"c":3})");
}

TEST_CASE("write: nothing in lists, maps and structs without members")
{
    CHECK(it_written(std::vector<bool>{}) == R"({"it":[]})");
    CHECK(it_written(std::map<std::string, std::string>{}) == R"({"it":{}})");
    CHECK(json::to_text(nothing{}) == "{}");
    CHECK(json::to_text(std::vector<nothing>(2)) == "[{},{}]");
}

TEST_CASE("write: money with all its decimals as text, or as JavaScript prints the number")
{
    currency const usd = *currency::from("USD");
    currency const yen = *currency::from("JPY");
    CHECK(it_written(json::as_string{money(1999, usd)}) == R"({"it":"19.99"})");
    CHECK(it_written(json::as_string{money(1000, yen)}) == R"({"it":"1000"})");
    CHECK(it_written(json::as_number{money(21990, usd)}) == R"({"it":219.9})");
    CHECK(it_written(json::as_number{money(2000, usd)}) == R"({"it":20})");
    CHECK(it_written(json::as_number{money(0, usd)}) == R"({"it":0})");
    CHECK(it_written(json::flag01(true)) == R"({"it":1})");
    CHECK(it_written(json::flag01(false)) == R"({"it":0})");
}

TEST_CASE("write: control characters, quotes and backslashes are escaped, nothing else is")
{
    CHECK(it_written(std::string("\"\\/\b\f\n\r\t\x01\x1F\x7F é😀\u2028")) ==
          "{\"it\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F é😀\u2028\"}");
}

TEST_CASE("write: a text of any length and with an escape at any place reads back the same")
{
    for (std::size_t length = 0; length < 40; ++length)
        for (std::size_t at = 0; at < length; ++at)
            for (char const c : {'"', '\n', '\x02'})
            {
                std::string words(length, 'x');
                words[at] = c;
                result<one<std::string>> const back =
                    json::parse<one<std::string>>(it_written(words));
                REQUIRE(back);
                REQUIRE(back->it == words);
            }
}

TEST_CASE("write: a long text of nothing but control characters")
{
    std::string const words(10'000, '\x1F');
    CHECK(it_written(words).size() == 10'000 * 6 + std::string_view(R"({"it":""})").size());
}

TEST_CASE("write: appends to what is there")
{
    std::string out = "data: ";
    json::write(out, line_request{id_of<thing>(1), std::nullopt});
    CHECK(out == R"(data: {"productId":1,"quantity":null})");
}

TEST_CASE("write: an enumerator nobody described is a bug, not a word on the wire")
{
    CHECK_THROWS_AS(json::to_text(one<colour>{static_cast<colour>(99)}), std::logic_error);
}

TEST_CASE("write and read: what is written reads back as it was")
{
    album const pictures{id_of<thing>(3),
                         {{{"https://a.example/x.png", true}, {"https://a.example/y.png", false}}}};
    std::string const text = json::to_text(pictures);

    CHECK(text == R"({"id":3,"images":[{"url":"https://a.example/x.png","isPrimary":1},)"
                  R"({"url":"https://a.example/y.png","isPrimary":0}]})");
    CHECK(json::to_text(json::parse<album>(text).value()) == text);
}
