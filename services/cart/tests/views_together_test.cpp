#include <vector>

#include <doctest/doctest.h>

#include "platform/testing/both_ways.hpp"
#include "services/cart/store/carts.hpp"
#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

namespace
{

constexpr std::int64_t buyers = 20;  // More than one statement asks for.

// Buyer n has n % 4 lines, of the products 1 to n % 4.
void fill(cart_shop& shop)
{
    for (int product = 1; product <= 3; ++product)
        shop.offers(product, {.stock = 1'000});
    for (std::int64_t buyer = 1; buyer <= buyers; ++buyer)
    {
        REQUIRE(shop.as(buyer).get("/carts/me").status == 200);
        for (int product = 1; product <= buyer % 4; ++product)
            REQUIRE(cart_shop::add(shop.as(buyer), product, product).status == 201);
    }
}

// "7: 3x1 4x2": whose it is, and its lines.
std::string text_of(std::optional<cart> const& of)
{
    if (!of)
        return "none";
    std::string text = fmt::format("{}:", of->user_id.value);
    for (cart_item const& each : of->items)
        text += fmt::format(" {}x{}", each.id.value, each.quantity);
    return text;
}

std::vector<std::string> texts_of(std::vector<std::optional<cart>> const& all)
{
    std::vector<std::string> texts;
    for (std::optional<cart> const& each : all)
        texts.push_back(text_of(each));
    return texts;
}

auto told_of(cart_shop& shop, std::vector<carts::view> const& wanted)
{
    auto const told = shop.db().read_now(
        testing::both_ways<carts::find_view, carts::find_view_of_each, carts::view>, wanted);
    CHECK(texts_of(told.together) == texts_of(told.singly));
    return texts_of(told.together);
}

}  // namespace

TEST_CASE("carts: many that are looked up together are each as if looked up alone")
{
    cart_shop shop;
    fill(shop);
    std::vector<carts::view> wanted;
    for (std::int64_t buyer = 1; buyer <= buyers + 1; ++buyer)  // The last has no cart.
    {
        wanted.push_back({.owner = id_of<user>(buyer)});
        wanted.push_back({.owner = id_of<user>(buyer), .only = id_of<product>(2)});
    }
    std::vector<std::string> const told = told_of(shop, wanted);
    CHECK(told[4] == "3: 4x1 5x2 6x3");  // All that buyer 3 has …
    CHECK(told[5] == "3: 5x2");          // … and the one line that was asked for.
    CHECK(told[1] == told[0]);           // Buyer 1 does not have it: then all.
    CHECK(told[6] == "4:");              // Empty, either way.
    CHECK(told[7] == "4:");
    CHECK(told[40] == "none");
    CHECK(told[41] == "none");
}

TEST_CASE("carts: one buyer's lines that are looked up together are not mixed up")
{
    cart_shop shop;
    fill(shop);
    std::vector<carts::view> wanted;
    for (std::int64_t number = 3; number >= 1; --number)
        wanted.push_back({.owner = id_of<user>(3), .only = id_of<product>(number)});
    CHECK(told_of(shop, wanted) == std::vector<std::string>{"3: 6x3", "3: 5x2", "3: 4x1"});
}
