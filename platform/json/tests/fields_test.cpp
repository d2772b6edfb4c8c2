#include <doctest/doctest.h>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

namespace mc::json_samples
{

struct search_query
{
    json::lenient<id_of<thing>> category_id;
    std::optional<bounded<1, 100>> page_size;
    std::optional<colour> paint;
    std::optional<bool> in_stock;
    std::optional<text<1, 5>> words;
    std::optional<timestamp> since;
    std::optional<json::decimal> price_min;
};
MC_DESCRIBE(search_query, category_id, page_size, paint, in_stock, words, since, price_min)

struct at_path
{
    id_of<thing> thing_id;
};
MC_DESCRIBE(at_path, thing_id)

}  // namespace mc::json_samples

namespace
{

using pairs = std::vector<std::pair<std::string, std::string>>;

template <class T = search_query>
std::string refused(pairs const& given, json::read_options how = json::contract)
{
    result<T> const read = json::parse_fields<T>(given, how);
    std::string all;
    if (!read)
        for (violation const& each : read.error().violations)
            all += (all.empty() ? "" : "\n") + each.field + " " + each.rule + ": " + each.message;
    return all;
}

}  // namespace

TEST_CASE("fields: a query string becomes the struct it describes")
{
    pairs const given{{"pageSize", "20"},   {"categoryId", "7"}, {"paint", "red"},
                      {"inStock", "false"}, {"words", " mug "},  {"since", "2026-01-01T00:00:00Z"},
                      {"priceMin", "9.90"}};
    result<search_query> const read = json::parse_fields<search_query>(given);

    REQUIRE(read);
    CHECK(read->category_id == id_of<thing>(7));
    CHECK(read->page_size->value() == 20);
    CHECK(read->paint == colour::red);
    CHECK(read->in_stock == false);
    CHECK(read->words->value() == "mug");
    CHECK(to_iso(*read->since) == "2026-01-01T00:00:00.000Z");
    CHECK(read->price_min->digits == "9.90");
}

TEST_CASE("fields: digits are needed in strict mode as well, since everything is text")
{
    CHECK(refused({{"pageSize", "20"}}, json::strict) == "");
    CHECK(refused({{"pageSize", "0"}}) == "pageSize min: pageSize must be at least 1");
    CHECK(refused({{"pageSize", "1"}}) == "");
    CHECK(refused({{"pageSize", "100"}}) == "");
    CHECK(refused({{"pageSize", "101"}}) == "pageSize max: pageSize must be at most 100");
    for (std::string const value : {"", "abc", "1.0", " 1", "0x1", "1e1", "+1", "-", "--1"})
    {
        INFO(value);
        CHECK(refused({{"pageSize", value}}) == "pageSize type: pageSize must be an integer");
    }
    CHECK(refused({{"pageSize", "-1"}}) == "pageSize min: pageSize must be at least 1");
}

TEST_CASE("fields: each refusal has its sentence")
{
    CHECK(refused({{"inStock", "1"}}) == "inStock type: inStock must be true or false");
    CHECK(refused({{"paint", "RED"}}) ==
          "paint enum: paint must be one of: red, dark_green, default");
    CHECK(refused({{"words", "\xFF"}}) == "words characters: words must be valid UTF-8");
    CHECK(refused({{"words", std::string("a\0b", 3)}}) ==
          "words characters: words must not contain U+0000");
    CHECK(refused({{"words", ""}}) == "words min_length: words must not be blank");
}

TEST_CASE("fields: a known one given twice is refused, a lenient one is nothing")
{
    CHECK(refused({{"pageSize", "1"}, {"pageSize", "1"}}) ==
          "pageSize duplicate: pageSize is given more than once");

    pairs const twice{{"categoryId", "1"}, {"categoryId", "2"}};
    result<search_query> const read = json::parse_fields<search_query>(twice);
    REQUIRE(read);
    CHECK_FALSE(read->category_id.has_value());

    pairs const nonsense{{"categoryId", "abc"}};
    CHECK_FALSE(json::parse_fields<search_query>(nonsense).value().category_id.has_value());
}

TEST_CASE("fields: unknown ones are ignored by the contract and refused by ours")
{
    pairs const given{{"utm", "1"}, {"utm", "2"}};
    CHECK(refused(given) == "");
    CHECK(refused({{"utm", "1"}}, json::strict) == "utm unknown_field: utm is not a known field");
}

TEST_CASE("fields: an id has one spelling")
{
    pairs const given{{"thingId", "42"}};
    CHECK(json::parse_fields<at_path>(given)->thing_id == id_of<thing>(42));
    for (std::string const value :
         {"", "0", "-1", "01", "1.0", "1e0", "0x1", " 1", "9223372036854775808", "abc"})
    {
        INFO(value);
        CHECK(refused<at_path>({{"thingId", value}}) ==
              "thingId id: thingId must be a positive integer");
    }
    CHECK(refused<at_path>({}) == "thingId required: thingId is required");
}
