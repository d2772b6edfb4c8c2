#include <doctest/doctest.h>

#include <limits>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

namespace
{

// {"it":<value>} read as one<T>: "" when accepted, else what is said.
template <class T>
std::string it_as(std::string const& value, json::read_options how = json::contract)
{
    return violations_of<one<T>>("{\"it\":" + value + "}", how);
}

struct pair_of : std::vector<std::int64_t>
{
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t size_max = 2;
};

std::string nested(std::size_t depth)
{
    return "{\"x\":" + std::string(depth - 1, '[') + "1" + std::string(depth - 1, ']') + "}";
}

std::string list_of(std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += i == 0 ? "1" : ",1";
    return "[" + text + "]";
}

}  // namespace

TEST_CASE("limit: 32 levels of objects and arrays are read, 33 are not")
{
    CHECK(code_of<one<std::optional<bool>>>(nested(32)) == "ok");
    CHECK(code_of<one<std::optional<bool>>>(nested(33)) == "json.too_deep");
    CHECK(json::parse<one<std::optional<bool>>>(nested(33)).error().message ==
          "JSON is nested deeper than 32 levels");
    CHECK(code_of<one<std::optional<bool>>>(nested(50'000)) == "json.too_deep");
    CHECK(code_of<one<std::optional<bool>>>(nested(32)) == "ok");
}

TEST_CASE("limit: depth_max is the caller's to set, and goes back afterwards")
{
    json::read_options shallow;
    shallow.depth_max = 2;

    CHECK(code_of<one<std::optional<bool>>>(nested(2), shallow) == "ok");
    CHECK(code_of<one<std::optional<bool>>>(nested(3), shallow) == "json.too_deep");
    CHECK(code_of<one<std::optional<bool>>>(nested(3)) == "ok");
}

TEST_CASE("limit: 100 elements of an array are read, 101 are not")
{
    CHECK(it_as<std::vector<std::int64_t>>(list_of(100)) == "");
    CHECK(it_as<std::vector<std::int64_t>>(list_of(101)) ==
          "it max_items: it must have at most 100 items");

    json::read_options more;
    more.array_max = 101;
    CHECK(it_as<std::vector<std::int64_t>>(list_of(101), more) == "");
}

TEST_CASE("limit: a vector type's own sizes")
{
    CHECK(it_as<pair_of>("[]") == "it min_items: it must have at least 1 item");
    CHECK(it_as<pair_of>("[1]") == "");
    CHECK(it_as<pair_of>("[1,2]") == "");
    CHECK(it_as<pair_of>("[1,2,3]") == "it max_items: it must have at most 2 items");
}

TEST_CASE("limit: members of a map")
{
    json::read_options few;
    few.array_max = 1;
    using map = std::map<std::string, std::int64_t>;
    CHECK(it_as<map>(R"({"a":1})", few) == "");
    CHECK(it_as<map>(R"({"a":1,"b":2})", few) == "it max_items: it must have at most 1 member");
}

TEST_CASE("limit: integers, at both ends of each type")
{
    CHECK(it_as<std::int32_t>("2147483647") == "");
    CHECK(it_as<std::int32_t>("2147483648") == "it max: it must be at most 2147483647");
    CHECK(it_as<std::int32_t>("-2147483648") == "");
    CHECK(it_as<std::int32_t>("-2147483649") == "it min: it must be at least -2147483648");
    CHECK(it_as<std::uint32_t>("0") == "");
    CHECK(it_as<std::uint32_t>("-0") == "");
    CHECK(it_as<std::uint32_t>("-1") == "it min: it must be at least 0");
    CHECK(it_as<std::uint32_t>("4294967295") == "");
    CHECK(it_as<std::uint32_t>("4294967296") == "it max: it must be at most 4294967295");
    CHECK(it_as<std::int64_t>("9223372036854775807") == "");
    CHECK(it_as<std::int64_t>("9223372036854775808") ==
          "it max: it must be at most 9223372036854775807");
    CHECK(it_as<std::int64_t>("-9223372036854775808") == "");
    CHECK(it_as<std::uint64_t>("18446744073709551615") == "");
}

TEST_CASE("limit: integers no 64 bits can hold are never accepted")
{
    CHECK(code_of<one<std::int64_t>>(R"({"it":-9223372036854775809})") != "ok");
    CHECK(code_of<one<std::uint64_t>>(R"({"it":18446744073709551616})") != "ok");
    CHECK(code_of<one<std::int64_t>>(R"({"it":1e400})") == "request.invalid");
    CHECK(it_as<std::int64_t>(R"("9223372036854775808")") ==
          "it max: it must be at most 9223372036854775807");
    CHECK(it_as<std::int64_t>("\"" + std::string(1'000, '9') + "\"") ==
          "it max: it must be at most 9223372036854775807");
    CHECK(it_as<std::uint64_t>(R"("18446744073709551616")") ==
          "it max: it must be at most 18446744073709551615");
}

TEST_CASE("limit: bounded and ids")
{
    CHECK(it_as<bounded<1, 9>>("0") == "it min: it must be at least 1");
    CHECK(it_as<bounded<1, 9>>("1") == "");
    CHECK(it_as<bounded<1, 9>>("9") == "");
    CHECK(it_as<bounded<1, 9>>("10") == "it max: it must be at most 9");
    CHECK(it_as<bounded<-3, -2>>("-4") == "it min: it must be at least -3");
    CHECK(it_as<bounded<-3, -2>>("-3") == "");
    CHECK(it_as<id_of<thing>>("0") == "it id: it must be a positive integer");
    CHECK(it_as<id_of<thing>>("1") == "");
    CHECK(it_as<id_of<thing>>("9223372036854775807") == "");
    CHECK(it_as<id_of<thing>>("9223372036854775808") == "it id: it must be a positive integer");
}

TEST_CASE("limit: the length of a text is counted in code points, after trimming")
{
    CHECK(it_as<text<2, 3>>(R"("a")") == "it min_length: it must have at least 2 characters");
    CHECK(it_as<text<2, 3>>(R"("ab")") == "");
    CHECK(it_as<text<2, 3>>(R"("äöü")") == "");
    CHECK(it_as<text<2, 3>>(R"("  😀😀😀\n")") == "");
    CHECK(it_as<text<2, 3>>(R"("abcd")") == "it max_length: it must have at most 3 characters");
    CHECK(it_as<text<1, 3>>(R"(" \u00a0")") == "it min_length: it must not be blank");
    CHECK(it_as<text<1, 3>>(R"("a\u0007b")") ==
          "it characters: it must not contain control characters");
    CHECK(json::parse<one<text<2, 3>>>(R"({"it":"  ab "})")->it.value() == "ab");
}

TEST_CASE("limit: decimals have 15 exact digits as numbers and 40 characters as text")
{
    using price = json::decimal;
    CHECK(json::parse<one<price>>(R"({"it":1234567890123.45})")->it.digits == "1234567890123.45");
    CHECK(it_as<price>("8999999999999.999") == "it type: it must be a plain decimal number");
    CHECK(it_as<price>("1e300") == "it type: it must be a plain decimal number");
    CHECK(it_as<price>("\"" + std::string(40, '1') + "\"") == "");
    CHECK(it_as<price>("\"" + std::string(41, '1') + "\"") ==
          "it type: it must be a plain decimal number");
}

TEST_CASE("limit: at most 100 violations are listed, however many there are")
{
    std::string body = "{\"it\":true";
    for (int i = 0; i < 99; ++i)
        body += ",\"x" + std::to_string(i) + "\":1";

    CHECK(json::parse<one<bool>>(body + "}", json::strict).error().violations.size() == 99);
    body += ",\"x99\":1";
    CHECK(json::parse<one<bool>>(body + "}", json::strict).error().violations.size() == 100);
    body += ",\"x100\":1";
    CHECK(json::parse<one<bool>>(body + "}", json::strict).error().violations.size() == 100);
}

TEST_CASE("limit: 64 bytes of a member's name are repeated, the rest is cut between two characters")
{
    auto const said = [](std::string const& name)
    { return violations_of<one<std::optional<bool>>>("{\"" + name + "\":1}", json::strict); };

    std::string const fits(64, 'n');
    CHECK(said(fits) == fits + " unknown_field: " + fits + " is not a known field");
    CHECK(said(fits + "n") == fits + "… unknown_field: " + fits + "… is not a known field");
    std::string const odd = std::string(63, 'n') + "ä";
    CHECK(said(odd).starts_with(std::string(63, 'n') + "… "));
}
