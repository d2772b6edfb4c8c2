#include "services/cart/store/taken_lines.hpp"

#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "services/cart/store/carts.hpp"
#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

namespace
{

constexpr std::int64_t buyers = 7;
constexpr int lines_each = 6;

result<> take_all(transaction& tx, std::vector<carts::taken_line> const& lines)
{
    carts::take_out(tx, lines);
    return result<>{};
}

result<> take_each(transaction& tx, std::vector<carts::taken_line> const& lines)
{
    for (carts::taken_line const& each : lines)
        carts::take_out(tx, {each});
    return result<>{};
}

void fill(cart_shop& shop)
{
    for (int product = 1; product <= lines_each; ++product)
        shop.offers(product, {.stock = 1'000});
    for (std::int64_t buyer = 1; buyer <= buyers; ++buyer)
        for (int product = 1; product <= lines_each; ++product)
            REQUIRE(cart_shop::add(shop.as(buyer), product, 5).status == 201);
}

// Some of lines that are there, of lines that are not, of other people's, and of one more than
// once.
std::vector<carts::taken_line> many_lines(cart_shop const& shop, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<carts::taken_line> lines;
    for (int at = 0; at < 90; ++at)
    {
        std::int64_t const line =
            1 + static_cast<std::int64_t>(random() % (buyers * lines_each + 3));
        std::int64_t const owner = (line - 1) / lines_each + 1;
        std::int64_t const buyer = random() % 9 == 0 ? owner % buyers + 1 : owner;
        lines.push_back({id_of<user>(buyer), id_of<cart_item>(line),
                         1 + static_cast<std::int64_t>(random() % 3),
                         shop.clock.now() + milliseconds(at)});
    }
    return lines;
}

}  // namespace

TEST_CASE("take_out: many lines at once come to the same as one after the other")
{
    for (unsigned seed = 1; seed <= 5; ++seed)
    {
        CAPTURE(seed);
        cart_shop together;
        cart_shop singly;
        fill(together);
        fill(singly);
        std::vector<carts::taken_line> const lines = many_lines(together, seed);
        REQUIRE(together.db().write_now(take_all, lines));
        REQUIRE(singly.db().write_now(take_each, lines));
        std::size_t gone = 0;
        for (std::int64_t buyer = 1; buyer <= buyers; ++buyer)
        {
            testing::test_reply const all = together.as(buyer).as_service().get("/carts/me");
            testing::test_reply const each = singly.as(buyer).as_service().get("/carts/me");
            CHECK(all.member("items") == each.member("items"));
            CHECK(all.member("totalAmount") == each.member("totalAmount"));
            gone += static_cast<std::size_t>(lines_each - all.number("itemsCount"));
        }
        CHECK(gone > 0);                                              // Some are used up …
        CHECK(gone < static_cast<std::size_t>(buyers * lines_each));  // … and some are not.
    }
}
