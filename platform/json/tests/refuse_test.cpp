#include <doctest/doctest.h>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

TEST_CASE("refuse: what is not JSON is malformed")
{
    for (std::string_view const text : {" ",
                                        "{",
                                        "{\"it\":tru}",
                                        "{\"it\":true}x",
                                        "{\"it\":true}{}",
                                        "{'it':true}",
                                        "{\"it\":01}",
                                        "{\"it\":+1}",
                                        "{\"it\":.5}",
                                        "{\"it\":NaN}",
                                        "{\"it\":true,}",
                                        "[1,]",
                                        "\"text\"",
                                        "5",
                                        "true",
                                        "null",
                                        "{\"it\":\"\xC3\"}",
                                        "{\"it\":\"\xED\xA0\x80\"}",
                                        "{\"it\":\"\xC0\xAF\"}",
                                        R"({"it":"\ud800"})",
                                        R"({"it":"\udc00x"})",
                                        R"({"it":"\ud800A"})",
                                        "{\"it\":\"a\nb\"}",
                                        R"({"it":"\x"})",
                                        "// {}",
                                        "{\"it\":1e400x}",
                                        "{\"it\":1e}",
                                        "{\"it\":99999999999999999999,}",
                                        "{\"it\":099999999999999999999}",
                                        "{\"it\":-}"})
    {
        INFO(text);
        CHECK(code_of<one<std::optional<std::string>>>(text) == "json.malformed");
    }
    CHECK(json::parse<one<bool>>("{").error().message == "Invalid JSON body");
    CHECK(json::parse<one<bool>>("{").error().violations.empty());
}

TEST_CASE("refuse: a number beyond 64 bits or a double is a number, refused by whoever reads it")
{
    for (std::string_view const number : {"99999999999999999999", "-9223372036854775809", "1e400",
                                          "-1e400", "18446744073709551616"})
    {
        INFO(number);
        CHECK(code_of<one<std::optional<std::string>>>(fmt::format(R"({{"other":{}}})", number)) ==
              "ok");
        CHECK(code_of<one<std::int64_t>>(fmt::format(R"({{"it":{}}})", number)) !=
              "json.malformed");
        CHECK(code_of<one<std::int64_t>>(fmt::format(R"({{"it":{}}})", number)) != "ok");
    }
    // Others beside one, and what only looks like one, stay what they are.
    CHECK(json::parse<one<std::int64_t>>(R"({"x":"1e400 \\","y":1e400,"it":9223372036854775807})")
              ->it == 9'223'372'036'854'775'807);
    CHECK(json::parse<one<std::string>>(R"({"y":1e400,"it":"\"1e400"})")->it == "\"1e400");
    CHECK(code_of<one<std::int64_t>>(R"({"it":1e400,"it":1})") == "request.invalid");
}

TEST_CASE("refuse: unread and ignored members are checked as well")
{
    CHECK(code_of<one<bool>>(R"({"it":true,"other":tru})") == "json.malformed");
    CHECK(code_of<one<bool>>("{\"it\":true,\"other\":\"\xFF\"}") == "json.malformed");
}

TEST_CASE("accept: nothing at all is an object without members, and a byte order mark is skipped")
{
    CHECK(code_of<one<std::optional<bool>>>("") == "ok");
    CHECK(code_of<one<bool>>("\xEF\xBB\xBF{\"it\":true}") == "ok");
    CHECK(code_of<one<std::optional<bool>>>("\xEF\xBB\xBF") == "ok");
    CHECK(violations_of<one<bool>>("") == "it required: it is required");
}

TEST_CASE("an array at the top is an object without members for the contract, and refused by ours")
{
    CHECK(violations_of<one<bool>>("[true]") == "it required: it is required");
    CHECK(code_of<one<std::optional<bool>>>("[]", json::strict) == "json.malformed");
    CHECK(json::parse<std::vector<std::int64_t>>("[1,2]").value().size() == 2);
    CHECK(violations_of<std::vector<std::int64_t>>("{}") == " type: The body must be a list");
}

TEST_CASE("refuse: integers have one form, or digits where the contract allows")
{
    for (std::string_view const value :
         {"1.0", "1e2", "1.5", "true", "[5]", "{}", "\"\"", "\"0x5\"", "\" 5\"", "\"5 \"", "\"-5\"",
          "\"+5\"", "\"5.0\"", "\"5e0\"", "\"٥\""})
    {
        INFO(value);
        CHECK(violations_of<one<std::int64_t>>("{\"it\":" + std::string(value) + "}") ==
              "it type: it must be an integer");
    }
    CHECK(json::parse<one<std::int64_t>>(R"({"it":"007"})")->it == 7);
    CHECK(json::parse<one<id_of<thing>>>(R"({"it":"12"})")->it == id_of<thing>(12));
    CHECK(violations_of<one<std::int64_t>>(R"({"it":"7"})", json::strict) ==
          "it type: it must be an integer");
    CHECK(violations_of<one<id_of<thing>>>(R"({"it":"7"})", json::strict) ==
          "it id: it must be a positive integer");
}

TEST_CASE("refuse: each type says what it wants")
{
    CHECK(violations_of<one<bool>>(R"({"it":"true"})") == "it type: it must be true or false");
    CHECK(violations_of<one<bool>>(R"({"it":1})") == "it type: it must be true or false");
    CHECK(violations_of<one<std::string>>(R"({"it":1})") == "it type: it must be text");
    CHECK(violations_of<one<std::string>>(R"({"it":"a\u0000b"})") ==
          "it characters: it must not contain U+0000");
    CHECK(violations_of<one<colour>>(R"({"it":"Red"})") ==
          "it enum: it must be one of: red, dark_green, default");
    CHECK(violations_of<one<timestamp>>(R"({"it":"2026-02-30T00:00:00Z"})") ==
          "it format: it must be a time like 2026-02-15T12:00:00.000Z");
    CHECK(violations_of<one<currency>>(R"({"it":"usd"})") ==
          "it currency: it must be an ISO 4217 currency code");
    CHECK(violations_of<one<std::vector<bool>>>(R"({"it":{}})") == "it type: it must be a list");
    CHECK(violations_of<one<std::map<std::string, bool>>>(R"({"it":[]})") ==
          "it type: it must be an object");
    CHECK(violations_of<one<line_request>>(R"({"it":[]})") == "it type: it must be an object");
    CHECK(violations_of<one<json::flag01>>(R"({"it":2})") == "it max: it must be at most 1");
    for (std::string_view const value :
         {"\"1e2\"", "true", "[5]", "\" 5\"", "\"5.\"", "\".5\"", "\"-\"", "\"\"", "\"0x5\""})
    {
        INFO(value);
        CHECK(violations_of<one<json::decimal>>("{\"it\":" + std::string(value) + "}") ==
              "it type: it must be a plain decimal number");
    }
}

TEST_CASE("decimal: numbers and plain digits are taken as the client wrote them")
{
    auto const digits = [](std::string const& value)
    { return json::parse<one<json::decimal>>("{\"it\":" + value + "}").value().it.digits; };

    CHECK(digits("19.99") == "19.99");
    CHECK(digits("0.1") == "0.1");
    CHECK(digits("20") == "20");
    CHECK(digits("-3") == "-3");
    CHECK(digits("1e2") == "100");
    CHECK(digits("8.575") == "8.575");
    CHECK(digits("\"19.90\"") == "19.90");
    CHECK(digits("12345678901234567") == "12345678901234567");
}

TEST_CASE("null: missing for the contract, a wrong type for ours, nothing for an optional")
{
    CHECK(violations_of<one<bool>>(R"({"it":null})") == "it required: it is required");
    CHECK(violations_of<one<bool>>(R"({"it":null})", json::strict) ==
          "it type: it must be true or false");
    CHECK_FALSE(
        json::parse<one<std::optional<bool>>>(R"({"it":null})", json::strict)->it.has_value());
    CHECK(violations_of<one<std::vector<bool>>>(R"({"it":[true,null]})") ==
          "it[1] type: it[1] must be true or false");
}

TEST_CASE("violations: all of them, in declared order, the first one's sentence on top")
{
    result<named> const read = json::parse<named>(R"({"code":"toolong","other":1,"name":7})");

    REQUIRE_FALSE(read);
    CHECK(read.error().kind == error_kind::invalid);
    CHECK(read.error().code == "request.invalid");
    CHECK(read.error().message == "Name is required");
    CHECK(violations_of<named>(R"({"code":"toolong","other":1,"name":7})") ==
          "name type: Name is required\ncode max_length: code must have at most 5 characters");
    CHECK(violations_of<named>(R"({"code":"toolong","other":1,"name":7})", json::strict)
              .ends_with("\nother unknown_field: other is not a known field"));
}

TEST_CASE("violations: a type's sentence stands for missing, null, wrong, blank and too long")
{
    for (std::string_view const body :
         {R"({})", R"({"name":null})", R"({"name":1})", R"({"name":" "})",
          R"({"name":"12345678901"})", R"({"name":"a\u0001"})"})
    {
        INFO(body);
        CHECK(json::parse<named>(body).error().message == "Name is required");
    }
    CHECK(violations_of<one<std::optional<thing_name>>>(R"({"it":""})") ==
          "it min_length: Name is required");
}

TEST_CASE("violations: paths lead through lists, objects and maps")
{
    CHECK(violations_of<album>(
              R"({"id":1,"images":[{"url":"a","isPrimary":true},{"url":5,"isPrimary":1},{}]})") ==
          "images[1].url type: images[1].url must be text\n"
          "images[2].url required: images[2].url is required\n"
          "images[2].isPrimary required: images[2].isPrimary is required");
    CHECK(violations_of<one<std::map<std::string, std::vector<bool>>>>(R"({"it":{"a":[1]}})") ==
          "it.a[0] type: it.a[0] must be true or false");
    CHECK(violations_of<std::vector<bool>>("[1]") == "[0] type: [0] must be true or false");
}

TEST_CASE("violations: the sentence of a list is not that of its elements")
{
    CHECK(violations_of<album>(R"({"id":1,"images":[]})") ==
          "images min_items: At least one picture is needed");
    CHECK(violations_of<album>(R"({"id":1})") == "images required: At least one picture is needed");
    CHECK(violations_of<album>(R"({"id":1,"images":[7]})") ==
          "images[0] type: images[0] must be an object");
}

TEST_CASE("duplicates: refused wherever they stand, however they are spelled")
{
    CHECK(violations_of<one<bool>>(R"({"it":true,"it":true})") ==
          "it duplicate: it is given more than once");
    CHECK(violations_of<one<bool>>(R"({"it":true,"\u0069t":true,"it":1})") ==
          "it duplicate: it is given more than once");
    CHECK(violations_of<named>(R"({"name":"a","name":"b","code":"ab"})") ==
          "name duplicate: name is given more than once");
    CHECK(violations_of<one<bool>>(R"({"it":true,"x":1,"y":2,"x":3})") ==
          "x duplicate: x is given more than once");
    CHECK(violations_of<one<bool>>(R"({"it":true,"x":[1,{"y":{"z":1,"z":2}}]})") ==
          "x[1].y.z duplicate: x[1].y.z is given more than once");
    CHECK(violations_of<album>(R"({"id":1,"images":[{"url":"a","isPrimary":1,"url":"b"}]})") ==
          "images[0].url duplicate: images[0].url is given more than once");
    CHECK(violations_of<one<std::map<std::string, bool>>>(R"({"it":{"a":true,"a":true}})") ==
          "it.a duplicate: it.a is given more than once");
}

TEST_CASE("duplicates: also inside of raw JSON")
{
    CHECK(violations_of<one<json::raw>>(R"({"it":{"a":1,"a":2}})") ==
          "it.a duplicate: it.a is given more than once");
}

TEST_CASE("unknown members: ignored by the contract, refused by ours")
{
    CHECK(violations_of<one<bool>>(R"({"it":true,"role":"admin","__proto__":{}})") == "");
    CHECK(violations_of<one<bool>>(R"({"it":true,"role":"admin"})", json::strict) ==
          "role unknown_field: role is not a known field");
    CHECK(violations_of<one<line_request>>(R"({"it":{"productId":1,"product_id":2}})",
                                           json::strict) ==
          "it.product_id unknown_field: it.product_id is not a known field");
}

TEST_CASE("lenient: what is not understood is nothing")
{
    using filter = one<json::lenient<bounded<1, 9>>>;
    CHECK(json::parse<filter>(R"({"it":5})")->it->value() == 5);
    for (std::string_view const body :
         {R"({})", R"({"it":null})", R"({"it":"abc"})", R"({"it":10})", R"({"it":[1]})"})
    {
        INFO(body);
        result<filter> const read = json::parse<filter>(body);
        REQUIRE(read);
        CHECK_FALSE(read->it.has_value());
    }
}
