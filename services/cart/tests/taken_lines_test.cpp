#include "services/cart/store/taken_lines.hpp"

#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "platform/json/describe.hpp"
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
    REQUIRE(carts::take_out(tx, lines));
    return result<>{};
}

result<> take_each(transaction& tx, std::vector<carts::taken_line> const& lines)
{
    for (carts::taken_line const& each : lines)
        REQUIRE(carts::take_out(tx, {each}));
    return result<>{};
}

// As if a buyer lowered all lines of a cart at the moment its turn comes.
constexpr statement buyer_lowers_sql{"test.buyer_lowers", R"(
    CREATE TRIGGER buyer_lowers AFTER UPDATE ON carts FOR EACH ROW
    BEGIN UPDATE cart_items SET quantity = 1 WHERE cart_id = NEW.id AND quantity > 1; END
)"};

result<> let_buyers_lower(transaction& tx)
{
    tx.execute(buyer_lowers_sql);
    return result<>{};
}

result<bool> take_two_of_each(transaction& tx, timestamp now)
{
    std::vector<carts::taken_line> lines;
    for (std::int64_t line = 1; line <= lines_each; ++line)
        lines.push_back({id_of<user>(1), id_of<cart_item>(line), 2, now});
    return carts::take_out(tx, std::move(lines));
}

struct left_over
{
    std::int64_t lines;
    std::int64_t units;
    std::int64_t taken;
    friend bool operator==(left_over const&, left_over const&) = default;
};
MC_DESCRIBE(left_over, lines, units, taken)

constexpr statement lines_left_sql{"test.lines_left",
                                   "SELECT COUNT(*), SUM(quantity), SUM(taken) FROM cart_items"};

left_over lines_left(snapshot& in) { return in.find<left_over>(lines_left_sql).value(); }

void fill(cart_shop& shop, std::int64_t buyers_max = buyers)
{
    for (int product = 1; product <= lines_each; ++product)
        shop.offers(product, {.stock = 1'000});
    for (std::int64_t buyer = 1; buyer <= buyers_max; ++buyer)
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

TEST_CASE("take_out: says so when a buyer changes one of many lines meanwhile")
{
    cart_shop shop;
    fill(shop);
    CHECK(shop.db().write_now(take_two_of_each, shop.clock.now()).value());
    REQUIRE(shop.db().write_now(let_buyers_lower));
    CHECK(!shop.db().write_now(take_two_of_each, shop.clock.now()).value());
}

TEST_CASE("take_out: on both sides of what a statement has at most, each line once")
{
    constexpr std::int64_t buyers_of_132 = 22;
    for (std::int64_t const count : {2, 3, 16, 17, 32, 33, 64, 65, 128, 129})
    {
        CAPTURE(count);
        cart_shop shop;
        fill(shop, buyers_of_132);
        std::vector<carts::taken_line> lines;
        for (std::int64_t line = 1; line <= count; ++line)  // Every other one is used up.
            lines.push_back({id_of<user>((line - 1) / lines_each + 1), id_of<cart_item>(line),
                             line % 2 == 0 ? 5 : 2, shop.clock.now()});
        REQUIRE(shop.db().write_now(take_all, lines));
        // 22 times six lines of five.
        CHECK(shop.db().read_now(lines_left) ==
              left_over{.lines = 132 - count / 2,
                        .units = 660 - count / 2 * 5 - (count + 1) / 2 * 2,
                        .taken = (count + 1) / 2 * 2});
    }
}
