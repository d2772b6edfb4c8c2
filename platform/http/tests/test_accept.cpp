#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "platform/http/accept.hpp"

namespace mc::http::testing
{

TEST_CASE("preference: the most specific range decides, whatever comes first")
{
    CHECK(preference("", "text/plain") == 1'000);
    CHECK(preference("text/plain", "text/plain") == 1'000);
    CHECK(preference("TEXT/Plain ; version=0.0.4", "text/plain") == 1'000);
    CHECK(preference("application/json", "text/plain") == 0);
    CHECK(preference("text/*;q=0.5, */*;q=0.1", "text/plain") == 500);
    CHECK(preference("*/*;q=0.8, text/plain;q=0.25, text/*", "text/plain") == 250);
    CHECK(preference("*/*", "text/plain") == 1'000);
    CHECK(preference("text/plain;q=0, */*", "text/plain") == 0);
    CHECK(preference("text/plain;q=0.3, text/plain;version=1;q=0.7", "text/plain") == 700);
    CHECK(preference("te/*", "text/plain") == 0);
}

TEST_CASE("preference: a q that is none counts as nought")
{
    for (std::string_view const wrong : {"2", "1.1", "0.1234", "-1", "0,5", "x", "", "0.x", ".5"})
    {
        CAPTURE(wrong);
        CHECK(preference("text/plain;q=" + std::string(wrong), "text/plain") == 0);
    }
    CHECK(preference("text/plain;q=1.000", "text/plain") == 1'000);
    CHECK(preference("text/plain;q=0.123", "text/plain") == 123);
    CHECK(preference("text/plain; Q=0.5", "text/plain") == 500);
}

}  // namespace mc::http::testing
