#include <doctest/doctest.h>
#include <fmt/format.h>

#include "services/cart/domain/cart.hpp"

namespace mc::cart_service
{
namespace
{

constexpr timestamp now = from_epoch_ms(5'000);
currency const usd;
currency const yen = currency::from("JPY").value();

offer of_product(std::int64_t product, std::int64_t minor, currency in = usd,
                 std::int64_t stock = 10)
{
    return {.product_id = id_of<mc::product>(product),
            .name = "Mug",
            .image_url = "https://shop.example/mug.png",
            .price = money(minor, in),
            .stock = stock,
            .version = std::nullopt};
}

cart filled(std::vector<std::pair<std::int64_t, std::int64_t>> const& prices_and_quantities,
            currency in = usd)
{
    cart made;
    made.priced_in = in;
    std::int64_t number = 0;
    for (auto const& [minor, quantity] : prices_and_quantities)
    {
        ++number;
        cart_item line;
        line.id = id_of<cart_item>(number);
        line.product_id = id_of<product>(number);
        line.unit_price = money(minor, in);
        line.quantity = quantity;
        line.price_changed = true;
        made.items.push_back(line);
    }
    return made;
}

}  // namespace

TEST_CASE("total_of: the exact sum of the lines, up to the contract's highest")
{
    CHECK(total_of(cart{})->minor() == 0);
    CHECK(total_of(filled({{10, 3}}))->minor() == 30);
    CHECK(total_of(filled({{1999, 2}, {10, 3}, {1, 1}}))->minor() == 4029);
    CHECK(*total_of(filled({{3000, 3}}, yen)) == money(9000, yen));
    CHECK(total_of(filled({{999'999'999'999, 1}}))->minor() == money_minor_max);
    CHECK(total_of(filled({{999'999'999'998, 1}, {1, 1}}))->minor() == money_minor_max);
    for (cart const& above :
         {filled({{999'999'999'999, 1}, {1, 1}}), filled({{500'000'000'000, 2}}),
          filled({{999'999'999'999, 4'294'967'295}}),
          filled({{999'999'999'999, 9'223'372}, {1, 1}})})
    {
        result<money> const total = total_of(above);
        REQUIRE(!total);
        CHECK(total.error().code == "cart.total_too_large");
        CHECK(total.error().message == "The total of a cart can be at most 9999999999.99");
    }
    CHECK(total_of(filled({{999'999'999'999, 2}}, yen)).error().message ==
          "The total of a cart can be at most 999999999999");
}

TEST_CASE("with_added: a new line, then the same line again with what is offered today")
{
    result<cart> const one = with_added(cart{}, of_product(7, 1999), 2, now);
    REQUIRE(one);
    REQUIRE(one->items.size() == 1);
    CHECK(one->items[0].quantity == 2);
    CHECK(one->items[0].created_at == now);
    CHECK(one->version == 2);
    CHECK(one->updated_at == now);

    offer later = of_product(7, 2500);
    later.name = "Better mug";
    later.image_url = "https://shop.example/better.png";
    result<cart> const two = with_added(*one, later, 3, now + seconds(1));
    REQUIRE(two);
    REQUIRE(two->items.size() == 1);
    CHECK(two->items[0].quantity == 5);
    CHECK(two->items[0].product_name == "Better mug");
    CHECK(two->items[0].product_image_url == "https://shop.example/better.png");
    CHECK(two->items[0].unit_price == money(2500, usd));
    CHECK(two->items[0].created_at == now);
    CHECK(two->items[0].updated_at == now + seconds(1));
    CHECK(two->version == 3);
}

TEST_CASE("with_added: for every stock up to five and every quantity, exactly what is there fits")
{
    for (std::int64_t stock = 0; stock <= 5; ++stock)
        for (std::int64_t in_cart = 0; in_cart <= 3; ++in_cart)
            for (std::int64_t more = 1; more <= 6; ++more)
            {
                CAPTURE(stock);
                CAPTURE(in_cart);
                CAPTURE(more);
                cart const before = in_cart == 0 ? cart{} : filled({{1999, in_cart}});
                result<cart> const after =
                    with_added(before, of_product(1, 1999, usd, stock), more, now);
                CHECK(after.has_value() == (in_cart + more <= stock));
                if (after)
                    CHECK(after->items[0].quantity == in_cart + more);
                else
                    CHECK(
                        after.error().message ==
                        fmt::format("Available stock is {}, requested {}", stock, in_cart + more));
            }
}

TEST_CASE("with_added: the currency is that of the lines; alone or empty a cart changes to another")
{
    result<cart> const other = with_added(filled({{1999, 1}}), of_product(9, 3000, yen), 1, now);
    REQUIRE(!other);
    CHECK(other.error().kind == error_kind::conflict);
    CHECK(other.error().message == "Your cart is in USD and this product is priced in JPY; order "
                                   "or empty the cart first");
    CHECK(with_added(cart{}, of_product(9, 3000, yen), 1, now)->priced_in == yen);
    result<cart> const same = with_added(filled({{1999, 1}}), of_product(1, 3000, yen), 1, now);
    REQUIRE(same);
    CHECK(same->priced_in == yen);
    CHECK(*total_of(*same) == money(6000, yen));
    CHECK(!with_added(filled({{1, 1}, {1, 1}}), of_product(1, 3000, yen), 1, now));
}

TEST_CASE("with_added: a hundred lines fit, a known product also beyond")
{
    std::vector<std::pair<std::int64_t, std::int64_t>> lines(cart_lines_max - 1, {1, 1});
    result<cart> const full = with_added(filled(lines), of_product(1000, 1), 1, now);
    REQUIRE(full);
    CHECK(full->items.size() == cart_lines_max);
    result<cart> const above = with_added(*full, of_product(1001, 1), 1, now);
    REQUIRE(!above);
    CHECK(above.error().message == "A cart can hold at most 100 products");
    CHECK(with_added(*full, of_product(1000, 1), 1, now).has_value());
}

TEST_CASE("with_added: what cannot be paid is not taken in")
{
    CHECK(with_added(cart{}, of_product(7, money_minor_max), 1, now).has_value());
    CHECK(!with_added(cart{}, of_product(7, money_minor_max), 2, now));
    CHECK(!with_added(filled({{1, 1}}), of_product(7, money_minor_max), 1, now));
}

TEST_CASE("with_quantity: up needs an offer and its stock, down nothing, 0 removes")
{
    cart const before = filled({{1999, 3}, {100, 1}});
    id_of<product> const first(1);
    CHECK(with_quantity(before, first, 2, std::nullopt, now)->items[0].quantity == 2);
    CHECK(with_quantity(before, first, 3, std::nullopt, now)->items[0].quantity == 3);
    CHECK(with_quantity(before, first, 0, std::nullopt, now)->items.size() == 1);
    CHECK(with_quantity(before, first, 4, std::nullopt, now).error().code ==
          "cart.product_unavailable");
    offer const four = of_product(1, 1999, usd, 4);
    CHECK(with_quantity(before, first, 4, four, now)->items[0].quantity == 4);
    CHECK(with_quantity(before, first, 5, four, now).error().message ==
          "Available stock is 4, requested 5");
    CHECK(with_quantity(before, id_of<product>(9), 1, std::nullopt, now).error().code ==
          "cart.product_not_in_cart");
    CHECK(with_quantity(before, first, 2, std::nullopt, now)->items[0].price_changed == false);
    CHECK(with_quantity(before, first, 2, std::nullopt, now)->items[1].price_changed == true);
    CHECK(with_quantity(before, first, 2, std::nullopt, now)->version == before.version + 1);
}

TEST_CASE("without, emptied: what is not there is refused, an empty cart stays as it is")
{
    cart const before = filled({{1999, 3}, {100, 1}});
    result<cart> const less = without(before, id_of<product>(1), now);
    REQUIRE(less);
    REQUIRE(less->items.size() == 1);
    CHECK(less->items[0].product_id == id_of<product>(2));
    CHECK(less->version == before.version + 1);
    CHECK(without(before, id_of<product>(9), now).error().message ==
          "This product is not in your cart");

    CHECK(emptied(before, now).items.empty());
    CHECK(emptied(before, now).version == before.version + 1);
    CHECK(emptied(cart{}, now).version == 1);
}

}  // namespace mc::cart_service
