#include "services/order/imports/take_over_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace mc::order_service::imports
{
namespace
{

constexpr timestamp now = from_epoch_ms(1'800'000'000'000);
constexpr std::int64_t made = 1'700'000'000'000;

old_order_with_items placed()
{
    return {.row = {.id = 8,
                    .user_id = 9,
                    .status = "paid",
                    .currency = "USD",
                    .total_amount = "39.98",
                    .cancelled_at = std::nullopt,
                    .created_at = made,
                    .updated_at = made + 1000},
            .items = {{.id = 21,
                       .order_id = 8,
                       .product_id = 5,
                       .product_name = "Mug",
                       .product_image_url = "https://img.example.com/m.png",
                       .quantity = "2",
                       .unit_price = "19.99",
                       .line_total = "39.98",
                       .created_at = made}}};
}

std::string_view skip_of(old_order_with_items const& old,
                         mc::imports::surroundings const& around = {})
{
    judged_order const judged = judge(old, around, now);
    return judged.skip ? judged.skip->code : std::string_view("none");
}

}  // namespace

TEST_CASE("judge: a good order comes as it is")
{
    judged_order const judged = judge(placed(), {}, now);
    CHECK(!judged.skip);
    CHECK(judged.mended.empty());
    CHECK(judged.made.id.value == 8);
    CHECK(judged.made.user_id.value == 9);
    CHECK(judged.made.status == order_status::paid);
    CHECK(judged.made.total == money(3998, currency()));
    CHECK(epoch_ms(judged.made.created_at) == made);
    CHECK(epoch_ms(judged.made.updated_at) == made + 1000);
    CHECK(!judged.made.cancelled_at);
    CHECK(!judged.made.expires_at);
    REQUIRE(judged.made.items.size() == 1);
    CHECK(judged.made.items[0].id.value == 21);
    CHECK(judged.made.items[0].quantity == 2);
    CHECK(judged.made.items[0].line_total == money(3998, currency()));
    CHECK(!judged.made.items[0].cart_item_id);
}

TEST_CASE("judge: an order that does not add up is left to people")
{
    old_order_with_items old = placed();
    old.row.total_amount = "39.99";
    CHECK(skip_of(old) == total_wrong.code);
    old = placed();
    old.items[0].line_total = "39.97";
    CHECK(skip_of(old) == line_total_wrong.code);
    old = placed();
    old.items.clear();
    CHECK(skip_of(old) == no_items.code);
    old = placed();
    old.row.status = "returned";
    CHECK(skip_of(old) == status_unknown.code);
    old = placed();
    old.row.currency = "USX";
    CHECK(skip_of(old) == currency_unknown.code);
    for (std::string const wrong : {"0", "-2", "4294967296", "two"})
    {
        old = placed();
        old.items[0].quantity = wrong;
        CHECK(skip_of(old) == item_quantity.code);
    }
    old = placed();
    old.items[0].unit_price = "NaN";
    CHECK(skip_of(old) == amount_unreadable.code);
    old = placed();
    old.items[0].product_id = 0;
    CHECK(skip_of(old) == item_product.code);
    old = placed();
    old.row.user_id = 0;
    CHECK(skip_of(old) == owner_missing.code);
    CHECK(skip_of(placed(), {.others = {9}, .unknown = {}, .facts = {}}) ==
          mc::imports::owner_is_another.code);
    // An order outlives its buyer's account.
    CHECK(skip_of(placed(), {.others = {}, .unknown = {9}, .facts = {}}) == "none");
}

TEST_CASE("judge: a cancelled order says since when")
{
    old_order_with_items old = placed();
    old.row.status = " Cancelled ";
    old.row.cancelled_at = made + 500;
    CHECK(epoch_ms(*judge(old, {}, now).made.cancelled_at) == made + 500);
    CHECK(judge(old, {}, now).mended.empty());
    old.row.cancelled_at.reset();
    CHECK(epoch_ms(*judge(old, {}, now).made.cancelled_at) == made + 1000);
    REQUIRE(judge(old, {}, now).mended.size() == 1);
    CHECK(judge(old, {}, now).mended[0].code == cancelled_when.code);
}

}  // namespace mc::order_service::imports
