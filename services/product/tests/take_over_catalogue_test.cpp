#include "services/product/imports/take_over_catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mc::product_service::imports
{
namespace
{

constexpr timestamp now = from_epoch_ms(1'800'000'000'000);
constexpr std::int64_t made = 1'700'000'000'000;

old_product_with_images mug()
{
    return {.row = {.id = 5,
                    .category_id = 2,
                    .name = "Blue Mug",
                    .slug = "blue-mug",
                    .description = "Holds tea.",
                    .price = "19.99",
                    .currency = "USD",
                    .stock_quantity = "7",
                    .is_active = "1",
                    .created_by_user_id = 3,
                    .created_by_role = "supplier",
                    .created_at = made,
                    .updated_at = made},
            .images = {{.id = 11,
                        .product_id = 5,
                        .image_url = "https://img.example.com/b.png",
                        .is_primary = "0",
                        .sort_order = "0",
                        .created_at = made,
                        .updated_at = made},
                       {.id = 12,
                        .product_id = 5,
                        .image_url = "https://img.example.com/a.png",
                        .is_primary = "1",
                        .sort_order = "1",
                        .created_at = made,
                        .updated_at = made}}};
}

template <class Judged>
bool is_mended(Judged const& judged, mc::imports::reason why)
{
    return std::ranges::find(judged.mended, why.code, &mc::imports::reason::code) !=
           judged.mended.end();
}

std::string_view skip_of_price(std::string price, std::string currency)
{
    old_product_with_images old = mug();
    old.row.price = std::move(price);
    old.row.currency = std::move(currency);
    judged_product const judged = judge(old, now);
    return judged.skip ? judged.skip->code : std::string_view("none");
}

}  // namespace

TEST_CASE("judge: a good product comes as it is, its primary picture first")
{
    judged_product const judged = judge(mug(), now);
    CHECK(!judged.skip);
    CHECK(judged.mended.empty());
    CHECK(judged.made.id.value == 5);
    CHECK(judged.made.price == money(1999, currency()));
    CHECK(judged.made.slug == "blue-mug");
    CHECK(judged.made.stock_quantity == 7);
    CHECK(judged.made.is_active);
    CHECK(judged.made.created_by_role == "supplier");
    REQUIRE(judged.made.images.size() == 2);
    CHECK(judged.made.images[0].id.value == 12);
    CHECK(judged.made.images[1].id.value == 11);
}

TEST_CASE("judge: a price is read by its digits, in its currency")
{
    for (std::string const price : {"0.01", "9999999999.99", "20", "19.9"})
    {
        CAPTURE(price);
        CHECK(skip_of_price(price, "USD") == "none");
    }
    CHECK(skip_of_price("1000.00", "JPY") == "none");
    CHECK(skip_of_price("1000.00", "jpy") == "none");
    CHECK(skip_of_price("19.99", "JPY") == price_too_precise.code);
    CHECK(skip_of_price("1.005", "USD") == price_too_precise.code);
    CHECK(skip_of_price("0.00", "USD") == price_not_positive.code);
    CHECK(skip_of_price("-1.00", "USD") == price_not_positive.code);
    CHECK(skip_of_price("NaN", "USD") == price_unreadable.code);
    CHECK(skip_of_price("1e2", "USD") == price_unreadable.code);
    CHECK(skip_of_price("", "USD") == price_unreadable.code);
    CHECK(skip_of_price("10000000000.00", "USD") == price_too_large.code);
    CHECK(skip_of_price("1.00", "DOL") == currency_unknown.code);
    CHECK(skip_of_price("1.00", "") == currency_unknown.code);
}

TEST_CASE("judge: a slug stays where it is one, so that links lead there")
{
    old_product_with_images old = mug();
    old.row.name = "Été & books!!";
    old.row.slug = "t-books";
    CHECK(judge(old, now).made.slug == "t-books");
    CHECK(judge(old, now).mended.empty());
    for (std::string const wrong : {"", "-x", "Big Slug", "a--b", "a/b"})
    {
        CAPTURE(wrong);
        old.row.slug = wrong;
        CHECK(judge(old, now).made.slug == "ete-books");
        CHECK(is_mended(judge(old, now), slug_unusable));
    }
}

TEST_CASE("judge: what stock, pictures and names may be")
{
    old_product_with_images old = mug();
    old.row.stock_quantity = "4294967295";
    CHECK(judge(old, now).mended.empty());
    for (std::string const wrong : {"-1", "4294967296", "1.5", "many"})
    {
        old.row.stock_quantity = wrong;
        CHECK(judge(old, now).made.stock_quantity == 0);
        CHECK(is_mended(judge(old, now), stock_out_of_range));
    }
    old = mug();
    old.images[1].image_url = "ftp://a/b";
    CHECK(is_mended(judge(old, now), image_unusable));
    REQUIRE(judge(old, now).made.images.size() == 1);
    CHECK(judge(old, now).made.images[0].is_primary);

    old = mug();
    old.images.assign(images_max, old.images[0]);
    CHECK(judge(old, now).mended.empty());
    old.images.push_back(old.images[0]);
    CHECK(is_mended(judge(old, now), images_too_many));

    old = mug();
    old.row.name = std::string(180, 'x');
    CHECK(judge(old, now).mended.empty());
    old.row.name = std::string(181, 'x');
    CHECK(is_mended(judge(old, now), name_too_long));
    old.row.name = "\t";
    CHECK(judge(old, now).skip->code == name_missing.code);
    old = mug();
    old.row.created_by_user_id.reset();
    CHECK(judge(old, now).skip->code == owner_missing.code);
    old = mug();
    old.row.created_by_role = "user";
    CHECK(is_mended(judge(old, now), owner_role_unknown));
}

TEST_CASE("judge: a category keeps its slug, and one that is switched off stays so")
{
    old_category old{.id = 2,
                     .name = "Kitchen",
                     .slug = "kitchen",
                     .description = std::nullopt,
                     .is_active = "0",
                     .created_by_user_id = 1,
                     .created_at = made,
                     .updated_at = made};
    judged_category const judged = judge(old, now);
    CHECK(!judged.skip);
    CHECK(judged.mended.empty());
    CHECK(judged.made.slug == "kitchen");
    CHECK(!judged.made.is_active);
    CHECK(!judged.made.description);
    old.name = std::string(121, 'x');
    CHECK(is_mended(judge(old, now), name_too_long));
    old.name.reset();
    CHECK(judge(old, now).skip->code == name_missing.code);
}

}  // namespace mc::product_service::imports
