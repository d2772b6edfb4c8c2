#include <doctest/doctest.h>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

TEST_CASE("read: a body becomes the struct it describes")
{
    result<line_request> const read = json::parse<line_request>(R"({"productId":7,"quantity":3})");

    REQUIRE(read);
    CHECK(read->product_id == id_of<thing>(7));
    CHECK(read->quantity->value() == 3);
}

TEST_CASE("read: every type finds its value")
{
    result<everything> const read = json::parse<everything>(R"({
        "yes":true,"small":-2147483648,"smallPositive":4294967295,"large":-9223372036854775808,
        "largePositive":18446744073709551615,"words":"Grüße \"x\"\n","maybe":"m","nowAndThen":5,
        "numbers":[1,2],"labels":{"a":"b","c":"d"},"paint":"dark_green",
        "createdAt":"2026-02-15T13:00:00.5+01:00","paidIn":"JPY","price":19.99,
        "payload":{ "b" : [1, null, "x"] }})");

    REQUIRE(read);
    CHECK(read->yes);
    CHECK(read->small == std::numeric_limits<std::int32_t>::min());
    CHECK(read->small_positive == 4'294'967'295U);
    CHECK(read->large == std::numeric_limits<std::int64_t>::min());
    CHECK(read->large_positive == std::numeric_limits<std::uint64_t>::max());
    CHECK(read->words == "Grüße \"x\"\n");
    CHECK(read->maybe == "m");
    CHECK(read->now_and_then == 5);
    CHECK(read->numbers == std::vector<std::int64_t>{1, 2});
    CHECK(read->labels.at("c") == "d");
    CHECK(read->paint == colour::dark_green);
    CHECK(to_iso(read->created_at) == "2026-02-15T12:00:00.500Z");
    CHECK(read->paid_in.code() == "JPY");
    CHECK(read->price.digits == "19.99");
    CHECK(read->payload.text == R"({"b":[1,null,"x"]})");
}
