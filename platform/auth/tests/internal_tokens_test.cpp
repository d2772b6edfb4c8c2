#include <doctest/doctest.h>

#include "platform/auth/internal_tokens.hpp"
#include "platform/auth/tests/forging.hpp"

using namespace mc;
using namespace mc::auth_testing;

namespace
{

constexpr std::string_view internal_header = R"({"alg":"HS256","typ":"internal+jwt"})";

std::string payload(std::string_view audience, std::int64_t issued, std::int64_t expires)
{
    return R"({"iss":"microcommerce","aud":")" + std::string(audience) + R"(","iat":)" +
           std::to_string(issued) + R"(,"exp":)" + std::to_string(expires) + "}";
}

}  // namespace

TEST_CASE("internal_tokens: valid for its audience for a minute, and no longer")
{
    internal_tokens const tokens(key());
    std::string const token = tokens.mint("cart", now);
    CHECK(tokens.valid(token, "cart", now));
    CHECK(tokens.valid(token, "cart", now + seconds{59}));
    CHECK_FALSE(tokens.valid(token, "cart", now + seconds{60}));
    CHECK(tokens.valid(token, "cart", now - seconds{30}));
    CHECK_FALSE(tokens.valid(token, "cart", now - seconds{32}));
    CHECK_FALSE(tokens.valid(token, "order", now));
    CHECK_FALSE(tokens.valid(token, "", now));
    CHECK_FALSE(internal_tokens(other_key()).valid(token, "cart", now));
}

TEST_CASE("internal_tokens: no good as access tokens nor the other way round, even under one key")
{
    internal_tokens const internal(key());
    token_keys const access(key());
    CHECK_FALSE(access.verify(internal.mint("microcommerce", now), now));
    CHECK(access.verify(internal.mint("microcommerce", now), now).error().message ==
          "invalid token");
    CHECK_FALSE(internal.valid(with_payload(good_payload), "microcommerce", now));
}

TEST_CASE("internal_tokens: forged ones are refused")
{
    internal_tokens const tokens(key());
    auto const is_valid = [&](std::string_view header, std::string_view claims)
    { return tokens.valid(forge(header, claims), "cart", now); };
    CHECK(is_valid(internal_header, payload("cart", now_s, now_s + 60)));
    CHECK_FALSE(is_valid(internal_header, payload("cart", now_s, now_s + 61)));
    CHECK_FALSE(is_valid(internal_header, payload("cart", now_s + 31, now_s + 60)));
    CHECK_FALSE(is_valid(internal_header, payload("cart", -1, 59)));
    CHECK_FALSE(is_valid(internal_header, R"({"iss":"microcommerce","aud":"cart","iat":0})"));
    CHECK_FALSE(is_valid(internal_header,
                         R"({"iss":"other","aud":"cart","iat":1795375494,"exp":1795375500})"));
    CHECK_FALSE(is_valid(internal_header, "[]"));
    CHECK_FALSE(is_valid(internal_header, ""));
    CHECK_FALSE(is_valid(good_header, payload("cart", now_s, now_s + 60)));
    CHECK_FALSE(
        is_valid(R"({"alg":"none","typ":"internal+jwt"})", payload("cart", now_s, now_s + 60)));

    std::string const good = tokens.mint("cart", now);
    CHECK_FALSE(tokens.valid(good + "A", "cart", now));
    CHECK_FALSE(tokens.valid(good.substr(0, good.rfind('.') + 1), "cart", now));
    CHECK_FALSE(tokens.valid("", "cart", now));
    CHECK_FALSE(tokens.valid("..", "cart", now));
    CHECK_FALSE(tokens.valid(std::string(1 << 20, 'a'), "cart", now));
}
