#include <set>
#include <string>

#include <doctest/doctest.h>

#include "platform/observe/trace.hpp"

using namespace mc;

namespace
{

constexpr std::string_view sample = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

}  // namespace

TEST_CASE("traceparent: version 00 is taken exactly, and a later one by what it begins with")
{
    struct row
    {
        std::string_view header;
        bool is_one;
        std::string_view why;
    };
    row const rows[] = {
        {sample, true, "the specification's example"},
        {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true, "not sampled"},
        {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true, "a later version"},
        {"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true, "later, longer"},
        {"", false, "nothing"},
        {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", false, "00 with more"},
        {"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more", false, "later, no dash"},
        {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, "the forbidden version"},
        {"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false, "upper case"},
        {"00-00000000000000000000000000000000-b7ad6b7169203331-01", false, "no trace id"},
        {"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false, "no span id"},
        {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false, "too short"},
        {"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, "another separator"},
        {"00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", false, "not hex"},
        {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x", false, "flags not hex"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.why);
        CHECK(is_traceparent(each.header) == each.is_one);
    }
}

TEST_CASE("child_of: the trace goes on under a new span, in version 00")
{
    traceparent_text const child = child_of(sample);
    CHECK(is_traceparent(child));
    CHECK(trace_id_of(child) == "0af7651916cd43dd8448eb211c80319c");
    CHECK(child.view().substr(36, 16) != sample.substr(36, 16));
    CHECK(child.view().ends_with("-01"));

    std::string later(sample);
    later.replace(0, 2, "cc");
    later.replace(53, 2, "ff");
    traceparent_text const of_later = child_of(later);
    CHECK(of_later.view().starts_with("00-"));
    CHECK(of_later.view().ends_with("-01"));

    std::string unsampled(sample);
    unsampled.replace(53, 2, "02");
    CHECK(child_of(unsampled).view().ends_with("-00"));
}

TEST_CASE("child_of: what is no traceparent begins a new trace")
{
    CHECK(is_traceparent(child_of("garbage")));
    CHECK(trace_id_of("garbage").empty());
    CHECK(trace_id_of(child_of("garbage")) != trace_id_of(child_of("garbage")));
}

TEST_CASE("mint_request_id: the contract's shape, and never the same twice")
{
    timestamp const now = from_epoch_ms(1'795'375'494'610);
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i)
    {
        std::string const id(mint_request_id(now).view());
        REQUIRE(id.size() == 17);
        REQUIRE(id.starts_with("mws"));
        REQUIRE(id[8] == '-');
        REQUIRE(is_request_id(id));
        REQUIRE(seen.insert(id).second);
    }
}

TEST_CASE("is_request_id: what may be taken over from a caller")
{
    CHECK(is_request_id("mws8b9cw-n5g647rr"));
    CHECK(is_request_id("A.b_c-9"));
    CHECK(is_request_id(std::string(64, 'x')));
    CHECK_FALSE(is_request_id(std::string(65, 'x')));
    CHECK_FALSE(is_request_id(""));
    CHECK_FALSE(is_request_id("a b"));
    CHECK_FALSE(is_request_id("a\r\nSet-Cookie: x"));
    CHECK_FALSE(is_request_id("é"));
}
