#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "contracts/product_events.hpp"
#include "platform/testing/json_text.hpp"
#include "platform/testing/service_fixture.hpp"
#include "services/product/service.hpp"

namespace mc::product_service
{

// A JSON object that is written member by member; an empty value leaves a member out.
using json_members = std::vector<std::pair<std::string, std::string>>;

inline std::string object_of(json_members const& members)
{
    std::string text;
    for (auto const& [name, value] : members)
        if (!value.empty())
            text += fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", name, value);
    return "{" + text + "}";
}

inline std::string in_quotes(std::string_view text) { return fmt::format(R"("{}")", text); }

// The body of a right POST /products into category 1, with these members instead or besides.
inline std::string product_body(json_members const& instead = {})
{
    json_members members = {{"categoryId", "1"},
                            {"name", in_quotes("Mug")},
                            {"price", "14.5"},
                            {"stockQuantity", "5"},
                            {"images", R"(["https://shop.example/a.png"])"}};
    for (auto const& [name, value] : instead)
    {
        auto const has_name = [&](auto const& member) { return member.first == name; };
        auto const found = std::ranges::find_if(members, has_name);
        if (found == members.end())
            members.emplace_back(name, value);
        else
            found->second = value;
    }
    return object_of(members);
}

// The product service with an admin (900), suppliers (30, 31) and a customer (1).
class product_shop : public testing::service_fixture
{
public:
    product_shop() : service_fixture(info()) {}

    speaker admin() { return as(900, role::admin); }
    speaker supplier(std::int64_t id = 30) { return as(id, role::supplier); }
    speaker customer() { return as(1); }

    std::int64_t category(std::string_view name = "Kitchen")
    {
        auto const reply = admin().post("/categories", object_of({{"name", in_quotes(name)}}));
        REQUIRE(reply.status == 201);
        return reply.number("id");
    }
    // A product of supplier 30 in category 1, which is made when there is none.
    std::int64_t product(json_members const& instead = {})
    {
        if (nobody().get("/categories").number("count") == 0)
            category();
        auto const reply = supplier().post("/products", product_body(instead));
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.number("id");
    }
    std::int64_t product_named(std::string_view name)
    {
        return product({{"name", in_quotes(name)}});
    }
    testing::test_reply shown(std::int64_t id)
    {
        return nobody().get(fmt::format("/products/{}", id));
    }
};

}  // namespace mc::product_service
