#include <type_traits>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/core/secret.hpp"
#include "platform/core/small_text.hpp"

using namespace mc;

TEST_CASE("parse_id: one spelling per positive number")
{
    CHECK(parse_id("1") == 1);
    CHECK(parse_id("9223372036854775807") == 9'223'372'036'854'775'807);
    for (std::string_view const text : {"", "0", "-1", "+1", "01", "1.0", "1e0", "0x1", " 1", "1 ",
                                        "9223372036854775808", "10000000000000000000", "abc", "٥"})
    {
        INFO(text);
        CHECK_FALSE(parse_id(text).has_value());
    }
}

TEST_CASE("bounded: holds what is within its bounds and nothing else")
{
    CHECK_FALSE(bounded<1, 9>::from(0).has_value());
    CHECK(bounded<1, 9>::from(1)->value() == 1);
    CHECK(bounded<1, 9>::from(9)->value() == 9);
    CHECK_FALSE(bounded<1, 9>::from(10).has_value());
    CHECK(bounded<1, 9>().value() == 1);
    CHECK(bounded<1, 9>(3) < bounded<1, 9>(4));
}

TEST_CASE("small_text: keeps what fits, in whole characters, without an allocation")
{
    static_assert(std::is_trivially_copyable_v<small_text<64>>);
    CHECK(small_text<4>().view() == "");
    CHECK(small_text<4>("abcd").view() == "abcd");
    CHECK(small_text<4>("abcde").view() == "abcd");
    CHECK(small_text<4>("abcé").view() == "abc");
    CHECK(small_text<4>("ab€").view() == "ab");
    CHECK(small_text<3>("😀").empty());
    CHECK(small_text<4>("ab") == small_text<4>("ab"));
    CHECK_FALSE(small_text<4>("ab") == small_text<4>("abc"));
}

TEST_CASE("secret: prints as stars and is revealed only when asked to")
{
    secret const key("swordfish");
    CHECK(fmt::format("key={}", key) == "key=***");
    CHECK(key.reveal() == "swordfish");
    CHECK_FALSE(key.empty());
    CHECK(secret().empty());
}

TEST_CASE("secret: what is left behind by a move or an assignment is empty")
{
    secret first("a secret that is too long for the short string buffer");
    secret second(std::move(first));
    CHECK(second.reveal() == "a secret that is too long for the short string buffer");
    CHECK(first.empty());

    second = secret("short");
    CHECK(second.reveal() == "short");
    secret const copy = second;
    CHECK(copy.reveal() == second.reveal());
}

TEST_CASE("secret: the bytes are gone from memory when it dies")
{
    alignas(secret) unsigned char room[sizeof(secret)];
    secret* const key = new (room) secret("swordfish");  // Short: it lies within the object.
    std::string_view const before(reinterpret_cast<char const*>(room), sizeof room);
    CHECK(before.find("swordfish") != std::string_view::npos);

    key->~secret();
    std::string_view const after(reinterpret_cast<char const*>(room), sizeof room);
    CHECK(after.find("sword") == std::string_view::npos);
}

TEST_CASE("result: value() of an error is a bug and says which")
{
    result<int> const refused = error{error_kind::not_found, "order.not_found", "Order not found"};
    CHECK_THROWS_WITH_AS(refused.value(), doctest::Contains("Order not found"), std::logic_error);
    CHECK(doctest::toString(refused) == "order.not_found: Order not found");
    CHECK(result<>{}.has_value());
    CHECK(std::string_view(outage("database is away").what()) == "database is away");
}
