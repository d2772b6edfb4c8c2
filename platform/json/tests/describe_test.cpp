#include <doctest/doctest.h>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

namespace mc::json_samples
{

struct fifty
{
    std::int64_t a0, a1, a2, a3, a4, a5, a6, a7, a8, a9;
    std::int64_t b0, b1, b2, b3, b4, b5, b6, b7, b8, b9;
    std::int64_t c0, c1, c2, c3, c4, c5, c6, c7, c8, c9;
    std::int64_t d0, d1, d2, d3, d4, d5, d6, d7, d8, d9;
    std::int64_t e0, e1, e2, e3, e4, e5, e6, e7, e8, e9;
};
MC_DESCRIBE(fifty, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9,
            c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1,
            e2, e3, e4, e5, e6, e7, e8, e9)

struct keywords
{
    std::int64_t default_;
    std::int64_t line_2_total;
};
MC_DESCRIBE(keywords, default_, line_2_total)

// A type that says itself what its form is: a point of the plane, "3/4".
struct point
{
    std::int64_t x = 0;
    std::int64_t y = 0;
};

}  // namespace mc::json_samples

template <>
struct mc::json::codec<point>
{
    static void read(reader& from, point& into)
    {
        std::optional<std::string_view> const text = from.string();
        if (!text)
            return;
        std::size_t const slash = text->find('/');
        std::optional<std::int64_t> const x = parse_id(text->substr(0, slash));
        std::optional<std::int64_t> const y =
            slash == std::string_view::npos ? std::nullopt : parse_id(text->substr(slash + 1));
        if (!x || !y)
            return from.refuse("format", "must look like 3/4");
        into = {*x, *y};
    }
    static void write(writer& to, point const& at)
    {
        to.text(std::to_string(at.x) + "/" + std::to_string(at.y));
    }
    static constexpr bool may_be_missing = true;
};

TEST_CASE("describe: a struct may have fifty members")
{
    fifty all{};
    all.e9 = 7;
    std::string const text = json::to_text(all);

    CHECK(text.ends_with(R"("e8":0,"e9":7})"));
    CHECK(json::parse<fifty>(text)->e9 == 7);
    CHECK(json::parse<fifty>("{}").error().violations.size() == 50);
    CHECK(member_count<fifty> == 50);
}

TEST_CASE("describe: names on the wire")
{
    CHECK(camel_case("product_id") == "productId");
    CHECK(camel_case("id") == "id");
    CHECK(camel_case("created_by_user_id") == "createdByUserId");
    CHECK(camel_case("default_") == "default");
    CHECK(camel_case("line_2_total") == "line2Total");
    CHECK(camel_case("") == "");
    CHECK(json::to_text(keywords{1, 2}) == R"({"default":1,"line2Total":2})");
}

TEST_CASE("describe: enumerators have names, and names have enumerators")
{
    CHECK(enum_name(colour::dark_green) == "dark_green");
    CHECK(enum_name(colour::default_) == "default");
    CHECK(enum_from<colour>("red") == colour::red);
    CHECK_FALSE(enum_from<colour>("RED").has_value());
    CHECK_FALSE(enum_from<colour>("").has_value());
    CHECK_THROWS_AS(enum_name(static_cast<colour>(17)), std::logic_error);
    static_assert(enum_name(colour::red) == "red");
}

TEST_CASE("codec: a type's own form is used wherever the type stands")
{
    result<one<std::vector<point>>> const read =
        json::parse<one<std::vector<point>>>(R"({"it":["3/4"]})");

    REQUIRE(read);
    CHECK(read->it.front().y == 4);
    CHECK(json::to_text(*read) == R"({"it":["3/4"]})");
    CHECK(violations_of<one<point>>(R"({"it":"3-4"})") == "it format: it must look like 3/4");
    CHECK(violations_of<one<point>>("{}") == "");
}

namespace mc::json_samples
{

struct even : bounded<0, 100>
{
    static constexpr std::string_view message = "An even number is wanted";
    static std::optional<even> from(std::int64_t number)
    {
        std::optional<bounded<0, 100>> const within = bounded::from(number);
        if (!within || number % 2 != 0)
            return std::nullopt;
        even made;
        static_cast<bounded&>(made) = *within;
        return made;
    }
};

struct upper_name : text<1, 10>
{
    static std::optional<text<1, 10>> from(std::string_view raw)
    {
        return raw == lower_case(raw) ? std::nullopt : text::from(raw);
    }
};

struct thing_id : id_of<thing>
{
    static constexpr std::string_view message = "Valid thing is required";
};

}  // namespace mc::json_samples

TEST_CASE("derived types: a stricter `from` and an own sentence are heeded")
{
    CHECK(json::parse<one<even>>(R"({"it":4})")->it.value() == 4);
    CHECK(violations_of<one<even>>(R"({"it":5})") == "it format: An even number is wanted");
    CHECK(violations_of<one<even>>(R"({"it":102})") == "it max: An even number is wanted");
    CHECK(json::parse<one<upper_name>>(R"({"it":"Ab"})")->it.value() == "Ab");
    CHECK(violations_of<one<upper_name>>(R"({"it":"ab"})") == "it format: it is not valid");
    CHECK(json::parse<one<thing_id>>(R"({"it":"8"})")->it.value == 8);
    CHECK(violations_of<one<thing_id>>(R"({"it":1.5})") == "it id: Valid thing is required");
    CHECK(json::to_text(one<thing_id>{json::parse<one<thing_id>>(R"({"it":8})")->it}) ==
          R"({"it":8})");
}

TEST_CASE("parse within parse: a codec may read JSON that stands in a text")
{
    std::string const line = json::to_text(line_request{id_of<thing>(5), std::nullopt});
    result<letter> const read =
        json::parse<letter>("{\"content\":" + json::to_text(line) + R"(,"sender":"alice"})");
    REQUIRE(read);
    CHECK(read->content.line.product_id == id_of<thing>(5));
    CHECK(read->sender == "alice");
}
