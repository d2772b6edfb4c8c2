#include "platform/core/time.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("to_iso: RFC 3339 in UTC with three decimals")
{
    CHECK(to_iso(from_epoch_ms(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(to_iso(from_epoch_ms(1'771'156'800'007)) == "2026-02-15T12:00:00.007Z");
    CHECK(to_iso(from_epoch_ms(951'827'696'120)) == "2000-02-29T12:34:56.120Z");
    CHECK(to_iso(from_epoch_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("to_iso: years the format has no room for become the nearest it has")
{
    CHECK(to_iso(from_epoch_ms(253'402'300'799'999)) == "9999-12-31T23:59:59.999Z");
    CHECK(to_iso(from_epoch_ms(253'402'300'800'000)) == "9999-12-31T23:59:59.999Z");
    CHECK(to_iso(from_epoch_ms(-62'167'219'200'000)) == "0000-01-01T00:00:00.000Z");
    CHECK(to_iso(from_epoch_ms(std::numeric_limits<std::int64_t>::min())) ==
          "0000-01-01T00:00:00.000Z");
}

TEST_CASE("parse_iso: what to_iso writes, and every other form of RFC 3339")
{
    timestamp const noon = from_epoch_ms(1'771'156'800'000);
    for (std::string_view const text :
         {"2026-02-15T12:00:00.000Z", "2026-02-15T12:00:00Z", "2026-02-15t12:00:00z",
          "2026-02-15T12:00:00.0000009Z", "2026-02-15T14:00:00+02:00", "2026-02-15T00:30:00-11:30",
          "2026-02-16T11:59:00+23:59", "2026-02-15T12:00:00-00:00"})
    {
        INFO(text);
        CHECK(parse_iso(text) == noon);
    }
    CHECK(parse_iso("2026-02-15T12:00:00.5Z") == noon + milliseconds{500});
    CHECK(parse_iso("2026-02-15T12:00:00.123456789Z") == noon + milliseconds{123});
    CHECK(parse_iso("2028-02-29T00:00:00Z").has_value());
}

TEST_CASE("parse_iso: anything else is refused")
{
    for (std::string_view const text : {"",
                                        "2026",
                                        "2026-02-15",
                                        "2026-02-15T12:00Z",
                                        "2026-02-15 12:00:00Z",
                                        "2026-02-15T12:00:00",
                                        "2026-02-15T12:00:00.Z",
                                        "2026-02-15T12:00:00.1234567890Z",
                                        "2026-02-15T12:00:00Zx",
                                        " 2026-02-15T12:00:00Z",
                                        "2026-02-29T00:00:00Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-00-01T00:00:00Z",
                                        "2026-01-00T00:00:00Z",
                                        "2026-01-01T24:00:00Z",
                                        "2026-01-01T00:60:00Z",
                                        "2026-01-01T00:00:60Z",
                                        "2026-01-01T00:00:00+24:00",
                                        "2026-01-01T00:00:00+00:60",
                                        "2026-01-01T00:00:00+0200",
                                        "2026-1-01T00:00:00Z",
                                        "+026-01-01T00:00:00Z",
                                        "2026-01-01T00:00:00,5Z",
                                        "2026-01-01T-1:00:00Z"})
    {
        INFO(text);
        CHECK_FALSE(parse_iso(text).has_value());
    }
}

TEST_CASE("clocks: the fake one stands until it is moved, the system's is of this century")
{
    fake_clock clock(from_epoch_ms(1'000));
    CHECK(epoch_ms(clock.now()) == 1'000);
    clock.advance(seconds{2});
    CHECK(epoch_ms(clock.now()) == 3'000);
    CHECK(system_clock{}.now() > *parse_iso("2026-01-01T00:00:00Z"));
}
