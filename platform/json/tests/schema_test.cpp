#include "platform/json/schema.hpp"

#include <doctest/doctest.h>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

namespace
{

template <class T>
std::string inline_schema()
{
    json::schema_set set;
    return json::schema_of<T>(set);
}

}  // namespace

namespace mc::json_samples::other
{

struct picture
{
    bool square;
};
MC_DESCRIBE(picture, square)

struct tree
{
    std::vector<tree> branches;
};
MC_DESCRIBE(tree, branches)

struct shelf
{
    std::optional<std::string> label;
    json::omitted<std::int64_t> page;
};
MC_DESCRIBE(shelf, label, page)

}  // namespace mc::json_samples::other

TEST_CASE("schema: limits of the types are limits in the schema")
{
    CHECK(inline_schema<bounded<1, 999>>() ==
          R"({"type":"integer","format":"int64","minimum":1,"maximum":999})");
    CHECK(inline_schema<id_of<thing>>() == R"({"type":"integer","format":"int64","minimum":1})");
    CHECK(inline_schema<thing_name>() == R"({"type":"string","minLength":1,"maxLength":10})");
    CHECK(inline_schema<colour>() == R"({"type":"string","enum":["red","dark_green","default"]})");
    CHECK(inline_schema<std::uint32_t>() ==
          R"({"type":"integer","format":"int64","minimum":0,"maximum":4294967295})");
    CHECK(inline_schema<std::vector<bool>>() == R"({"type":"array","items":{"type":"boolean"}})");
    CHECK(inline_schema<std::map<std::string, std::string>>() ==
          R"({"type":"object","additionalProperties":{"type":"string"}})");
    CHECK(inline_schema<timestamp>() == R"({"type":"string","format":"date-time"})");
    CHECK(inline_schema<std::optional<bool>>() ==
          R"({"anyOf":[{"type":"boolean"},{"type":"null"}]})");
    CHECK(inline_schema<json::omitted<bool>>() == R"({"type":"boolean"})");
    CHECK(inline_schema<json::as_number>() == R"({"type":"number"})");
    CHECK(inline_schema<json::flag01>() == R"({"type":"integer","enum":[0,1]})");
}

TEST_CASE("schema: a struct becomes a component, with those it contains")
{
    json::schema_set set;

    CHECK(json::schema_of<album>(set) == R"({"$ref":"#/components/schemas/Album"})");
    CHECK(
        set.components().at("Album") ==
        R"({"type":"object","properties":{"id":{"type":"integer","format":"int64","minimum":1},)"
        R"("images":{"type":"array","items":{"$ref":"#/components/schemas/Picture"},"minItems":1,)"
        R"("maxItems":3}},)"
        R"("required":["id","images"]})");
    CHECK(set.components().contains("Picture"));
}

TEST_CASE("schema: what may be missing is not required")
{
    json::schema_set set;
    (void)json::schema_of<line_request>(set);
    CHECK(set.components().at("LineRequest").ends_with(R"("required":["productId"]})"));
    (void)json::schema_of<nothing>(set);
    CHECK(set.components().at("Nothing") == R"({"type":"object","properties":{}})");
}

TEST_CASE("schema: an answer has all its members, null or not, but those that are left out")
{
    json::schema_set set;
    set.describe(json::schema_use::answer);
    (void)json::schema_of<other::shelf>(set);
    CHECK(set.components().at("Shelf").ends_with(R"("required":["label"]})"));
    CHECK(set.components().at("Shelf").contains(R"({"type":"null"})"));
}

TEST_CASE("schema: what is read and written is two components")
{
    json::schema_set set;
    (void)json::schema_of<other::shelf>(set);
    set.describe(json::schema_use::answer);
    CHECK(json::schema_of<other::shelf>(set) == R"({"$ref":"#/components/schemas/OtherShelf"})");
    CHECK_FALSE(set.components().at("Shelf").contains("required"));
    CHECK(set.components().at("OtherShelf").contains("required"));
}

TEST_CASE("schema: a parameter is there or is not, never null")
{
    json::schema_set set;
    set.describe(json::schema_use::parameters);
    std::vector<json::member_schema> const members = json::member_schemas_of<other::shelf>(set);
    REQUIRE(members.size() == 2);
    CHECK_FALSE(members[0].required);
    CHECK(members[0].schema == R"({"type":"string"})");
    CHECK(members[1].schema == R"({"type":"integer","format":"int64"})");
}

TEST_CASE("schema: two structs of one name get two components")
{
    json::schema_set set;
    (void)json::schema_of<picture>(set);

    CHECK(json::schema_of<other::picture>(set) ==
          R"({"$ref":"#/components/schemas/OtherPicture"})");
    CHECK(json::schema_of<picture>(set) == R"({"$ref":"#/components/schemas/Picture"})");
    CHECK(set.components().size() == 2);
}

TEST_CASE("schema: a struct may contain itself")
{
    json::schema_set set;
    (void)json::schema_of<other::tree>(set);
    CHECK(set.components().at("Tree") ==
          R"({"type":"object","properties":{"branches":{"type":"array",)"
          R"("items":{"$ref":"#/components/schemas/Tree"}}},)"
          R"("required":["branches"]})");
}

TEST_CASE("schema: every schema is itself JSON")
{
    json::schema_set set;
    (void)json::schema_of<everything>(set);
    for (auto const& [name, schema] : set.components())
    {
        INFO(name);
        CHECK(json::parse<json::raw>(schema).value().text == schema);
    }
}

TEST_CASE("schema: members one by one, for parameters")
{
    json::schema_set set;
    std::vector<json::member_schema> const members = json::member_schemas_of<line_request>(set);

    REQUIRE(members.size() == 2);
    CHECK(members[0].name == "productId");
    CHECK(members[0].required);
    CHECK_FALSE(members[1].required);
    CHECK(set.components().empty());
}
