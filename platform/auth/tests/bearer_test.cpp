#include <doctest/doctest.h>

#include "platform/auth/bearer.hpp"

using namespace mc;

TEST_CASE("bearer_token: Bearer in any case, one or more blanks, one word")
{
    for (std::string_view const header :
         {"Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "BeArEr    a.b.c"})
    {
        CAPTURE(header);
        result<std::string_view> const token = bearer_token(header);
        REQUIRE(token);
        CHECK(*token == "a.b.c");
    }
}

TEST_CASE("bearer_token: anything else is 401 Unauthorized")
{
    for (std::string_view const header :
         {"", " ", "Bearer", "Bearer ", "Bearer    ", "a.b.c", "Basic a.b.c", "Bearer\ta.b.c",
          " Bearer a.b.c", "Bearera.b.c", "Bearer a.b.c d", "Bearer a.b.c ", "Bearer a.b.c\r\nX: y",
          "Bearer a.b.c\x7f", "Token a.b.c", "Bearer: a.b.c", "Bearer é"})
    {
        CAPTURE(header);
        result<std::string_view> const token = bearer_token(header);
        REQUIRE_FALSE(token);
        CHECK(token.error().kind == error_kind::unauthenticated);
        CHECK(token.error().message == "Unauthorized");
    }
}
