#include <doctest/doctest.h>

#include "platform/auth/tokens.hpp"

using namespace mc;

TEST_CASE("weakness_of_key: 32 bytes are enough, 31 are not")
{
    std::string const good = "kq0JxZ3vW8mYt1RbN6sUe9GhLcPd4Afo";
    CHECK_FALSE(weakness_of_key(secret{good}, "JWT_SECRET"));
    CHECK(weakness_of_key(secret{good.substr(1)}, "JWT_SECRET") ==
          "JWT_SECRET must have at least 32 bytes");
    CHECK(weakness_of_key(secret{}, "JWT_SECRET") == "JWT_SECRET must have at least 32 bytes");
}

TEST_CASE("weakness_of_key: defaults and monotonous keys are refused, and never repeated")
{
    for (std::string const& key :
         {std::string(40, 'a'), std::string("abababababababababababababababababab"),
          std::string("your-256-bit-secret-goes-here-please"),
          std::string("CHANGE_ME_0123456789abcdef0123456789"),
          std::string("my_super_JWT_SECRET_for_development!"),
          std::string("example key for signing of all tokens")})
    {
        CAPTURE(key);
        std::optional<std::string> const why = weakness_of_key(secret{key}, "JWT_SECRET");
        REQUIRE(why);
        CHECK(why->starts_with("JWT_SECRET "));
        CHECK_FALSE(why->contains(key));
    }
}
