#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "services/product/actions/add_product.hpp"
#include "services/product/actions/change_product.hpp"
#include "services/product/actions/delete_category.hpp"
#include "services/product/actions/delete_product.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

constexpr actor sam{id_of<user>(30), role::supplier};
constexpr int racers_count = 20;

actions::new_product wanted(std::string name)
{
    return {
        .category_id = id_of<category>(1),
        .name = std::move(name),
        .description = std::nullopt,
        .price = money(500, currency()),
        .stock_quantity = 1,
        .images = {{.url = "https://shop.example/a.png", .is_primary = true, .sort_order = {}}}};
}

// All at once; how many succeeded.
int race(std::function<bool(int)> const& run)
{
    std::atomic<int> won{0};
    {
        std::vector<std::jthread> racers;
        for (int n = 0; n < racers_count; ++n)
            racers.emplace_back([&, n] { won += run(n) ? 1 : 0; });
    }
    return won;
}

}  // namespace

TEST_CASE("races: of twenty products of one name one is made")
{
    product_shop shop;
    shop.category();
    int const made = race(
        [&](int n)
        {
            return shop.db()
                .write_now(actions::add_product, sam, wanted(n % 2 == 0 ? "Mug" : "MUG"),
                           shop.clock.now())
                .has_value();
        });
    CHECK(made == 1);
    CHECK(shop.nobody().get("/products").number("count") == 1);
    CHECK(shop.published<contracts::product_created>().size() == 1);
}

TEST_CASE("races: twenty names that give one slug get twenty slugs")
{
    product_shop shop;
    shop.category();
    int const made = race(
        [&](int n)
        {
            return shop.db()
                .write_now(actions::add_product, sam,
                           wanted("Mug" + std::string(static_cast<std::size_t>(n), '!')),
                           shop.clock.now())
                .has_value();
        });
    CHECK(made == racers_count);
    std::set<std::string> slugs;
    for (contracts::product_created const& told : shop.published<contracts::product_created>())
        slugs.insert(told.slug);
    CHECK(slugs.size() == racers_count);
    CHECK(slugs.contains("mug"));
    CHECK(slugs.contains("mug-20"));
}

TEST_CASE("races: twenty changes of one product are all made, one version after the other")
{
    product_shop shop;
    shop.product();
    int const made = race(
        [&](int n)
        {
            actions::product_changes changes;
            changes.stock_quantity = 100 + n;
            return shop.db()
                .write_now(actions::change_product, sam, id_of<product>(1), changes,
                           actions::wanted_versions(), shop.clock.now())
                .has_value();
        });
    CHECK(made == racers_count);
    std::int64_t version = 1;
    for (contracts::product_updated const& told : shop.published<contracts::product_updated>())
        CHECK(told.version == ++version);
    CHECK(version == racers_count + 1);
}

TEST_CASE("races: a product is deleted once, and its category counts right")
{
    product_shop shop;
    shop.product();
    int const deleted = race(
        [&](int)
        {
            return shop.db()
                .write_now(actions::delete_product, sam, id_of<product>(1), shop.clock.now())
                .has_value();
        });
    CHECK(deleted == 1);
    CHECK(shop.published<contracts::product_deleted>().size() == 1);
    CHECK(shop.nobody().get("/products").header("X-Total-Count") == "0");
    CHECK(shop.admin().del("/categories/1").status == 200);
}

TEST_CASE("races: a category is deleted, or products come into it; never both")
{
    product_shop shop;
    shop.category();
    std::atomic<bool> deleted{false};
    int const changed = race(
        [&](int n)
        {
            if (n % 5 != 0)
                return shop.db()
                    .write_now(actions::add_product, sam, wanted(fmt::format("Mug {}", n)),
                               shop.clock.now())
                    .has_value();
            if (shop.db().write_now(actions::delete_category, id_of<category>(1), shop.clock.now()))
                deleted = true;
            return false;
        });
    CHECK((changed > 0) != deleted);
    CHECK(shop.nobody().get("/products").number("count") == changed);
}
