#include "platform/core/encoding.hpp"

#include <set>
#include <stdexcept>

#include <doctest/doctest.h>

#include "platform/core/random.hpp"

using namespace mc;

TEST_CASE("base64url: the vectors of RFC 4648 §10, without padding")
{
    CHECK(base64url("") == "");
    CHECK(base64url("f") == "Zg");
    CHECK(base64url("fo") == "Zm8");
    CHECK(base64url("foo") == "Zm9v");
    CHECK(base64url("foobar") == "Zm9vYmFy");
    CHECK(base64url("\xFB\xFF\xFE") == "-__-");
    for (std::string_view const bytes :
         {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xFB\xFF\xFE\xFF"})
        CHECK(from_base64url(base64url(bytes)) == bytes);
}

TEST_CASE(
    "from_base64url: padding, foreign characters and other spellings of the same bytes are refused")
{
    for (std::string_view const text :
         {"Zg==", "Zg=", "Zm8=", "Z", "Zm9vY", "+//+", "Zm 8", "Zm8\n", "Zh", "Zm9", "Zm-9?", "é"})
    {
        INFO(text);
        CHECK_FALSE(from_base64url(text).has_value());
    }
}

TEST_CASE("from_base64url: 64 characters are taken, each of the other 192 bytes is refused")
{
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int byte = 0; byte < 256; ++byte)
    {
        CAPTURE(byte);
        std::string text = "AAAAAAAA";
        for (std::size_t at = 0; at < 4; ++at)
        {
            text[at] = static_cast<char>(byte);
            CHECK(from_base64url(text).has_value() == alphabet.contains(static_cast<char>(byte)));
            text[at] = 'A';
        }
    }
}

TEST_CASE("hex and sha256")
{
    CHECK(hex(std::string_view("\x00\x0F\xA0\xFF", 4)) == "000fa0ff");
    CHECK(hex(sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4
    CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("equal_in_constant_time: equal, different, of different length")
{
    CHECK(equal_in_constant_time("token", "token"));
    CHECK(equal_in_constant_time("", ""));
    CHECK_FALSE(equal_in_constant_time("token", "tokeN"));
    CHECK_FALSE(equal_in_constant_time("token", "token2"));
}

TEST_CASE("uuid: version and variant bits stand where RFC 9562 wants them, and no two are the same")
{
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i)
    {
        std::string const id = uuid_v4();
        REQUIRE(id.size() == 36);
        REQUIRE(id[14] == '4');
        REQUIRE(std::string_view("89ab").find(id[19]) != std::string_view::npos);
        REQUIRE(id.find_first_not_of("0123456789abcdef-") == std::string::npos);
        seen.insert(id);
    }
    CHECK(seen.size() == 1'000);
}

TEST_CASE("uuid_v5: the example of RFC 9562 A.4, and the same name gives the same id")
{
    std::string_view const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    CHECK(uuid_v5(dns, "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    CHECK(uuid_v5(dns, "a") != uuid_v5(dns, "b"));
    CHECK(uuid_v5("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "a") == uuid_v5(dns, "a"));
    CHECK_THROWS_AS(uuid_v5("6ba7b810", "a"), std::invalid_argument);
    CHECK_THROWS_AS(uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430cg", "a"), std::invalid_argument);
    CHECK_THROWS_AS(uuid_v5("6ba7b81009dad-11d1-80b4-00c04fd430c8", "a"), std::invalid_argument);
}

TEST_CASE("random: bytes differ, numbers stay below their limit and reach all of them")
{
    CHECK(random_hex(16).size() == 32);
    CHECK(random_hex(16) != random_hex(16));

    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1'000; ++i)
        seen.insert(random_below(3));
    CHECK(seen == std::set<std::uint32_t>{0, 1, 2});
}
