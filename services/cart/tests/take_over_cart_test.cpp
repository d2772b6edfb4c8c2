#include "services/cart/imports/take_over_cart.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace mc::cart_service::imports
{
namespace
{

using mc::imports::surroundings;

constexpr timestamp now = from_epoch_ms(1'800'000'000'000);
constexpr std::int64_t made = 1'700'000'000'000;

old_line line(std::int64_t id, std::int64_t product, std::string quantity, std::string price)
{
    return {.id = id,
            .cart_id = 4,
            .product_id = product,
            .product_name = "Mug",
            .product_image_url = "https://img.example.com/m.png",
            .quantity = std::move(quantity),
            .unit_price = std::move(price),
            .created_at = made,
            .updated_at = made};
}

old_cart_with_lines filled()
{
    return {.row = {.id = 4,
                    .user_id = 9,
                    .status = "active",
                    .currency = "USD",
                    .created_at = made,
                    .updated_at = made},
            .lines = {line(1, 5, "2", "19.99"), line(2, 6, "1", "0.01")}};
}

surroundings offering(std::vector<mc::imports::product_fact> facts)
{
    return {.others = {},
            .unknown = {},
            .facts = std::move(facts),
            .products = surroundings::catalogue::here};
}

bool is_mended(judged_cart const& judged, mc::imports::reason why)
{
    return std::ranges::find(judged.mended, why.code, &mc::imports::reason::code) !=
           judged.mended.end();
}

}  // namespace

TEST_CASE("judge: a good cart comes with its lines as they are")
{
    judged_cart const judged = judge(filled(), {}, now);
    CHECK(!judged.skip);
    CHECK(judged.mended.empty());
    CHECK(judged.made.id.value == 4);
    CHECK(judged.made.user_id.value == 9);
    REQUIRE(judged.made.items.size() == 2);
    CHECK(judged.made.items[0].unit_price == money(1999, currency()));
    CHECK(judged.made.items[0].quantity == 2);
    CHECK(judged.made.items[1].id.value == 2);
    CHECK(total_of(judged.made)->minor() == 3999);
}

TEST_CASE("judge: whose cart it is has to be known")
{
    CHECK(judge(filled(), {.others = {9}, .unknown = {}, .facts = {}}, now).skip->code ==
          mc::imports::owner_is_another.code);
    CHECK(judge(filled(), {.others = {}, .unknown = {9}, .facts = {}}, now).skip->code ==
          owner_unknown.code);
    old_cart_with_lines old = filled();
    old.row.status = "checked_out";
    CHECK(judge(old, {}, now).skip->code == not_active.code);
    old = filled();
    old.row.currency = "XX";
    CHECK(judge(old, {}, now).skip->code == currency_unknown.code);
}

TEST_CASE("judge: a line that cannot be kept is left out, the rest comes")
{
    old_cart_with_lines old = filled();
    for (std::string const wrong : {"0", "-1", "4294967296", "1.5"})
    {
        old.lines[0].quantity = wrong;
        judged_cart const judged = judge(old, {}, now);
        CHECK(is_mended(judged, line_quantity));
        REQUIRE(judged.made.items.size() == 1);
        CHECK(judged.made.items[0].id.value == 2);
    }
    old = filled();
    old.lines[0].unit_price = "0.00";
    CHECK(is_mended(judge(old, {}, now), line_price));
    old.lines[0].unit_price = "NaN";
    CHECK(is_mended(judge(old, {}, now), line_price));
    old.lines[0] = line(1, 5, "4294967295", "9999999999.99");
    CHECK(is_mended(judge(old, {}, now), total_too_large));
}

TEST_CASE("judge: a product's own currency rules, and a cart has one")
{
    currency const yen = *currency::from("JPY");
    mc::imports::product_fact const cup{id_of<product>(5), money(1000, yen), true};
    mc::imports::product_fact const pot{id_of<product>(6), money(1, currency()), true};
    judged_cart const judged = judge(filled(), offering({cup, pot}), now);
    REQUIRE(judged.made.items.size() == 1);
    CHECK(judged.made.priced_in == yen);
    CHECK(judged.made.items[0].unit_price == money(1000, yen));
    CHECK(judged.made.items[0].price_changed);
    CHECK(is_mended(judged, line_repriced));
    CHECK(is_mended(judged, line_currency));

    judged_cart const without_pot = judge(filled(), offering({}), now);
    CHECK(without_pot.made.items.empty());
    CHECK(is_mended(without_pot, line_product));
}

}  // namespace mc::cart_service::imports
