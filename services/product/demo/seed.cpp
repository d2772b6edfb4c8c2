#include "services/product/demo/seed.hpp"

#include <functional>

#include "platform/core/text.hpp"
#include "services/product/actions/change_categories.hpp"
#include "services/product/actions/change_products.hpp"
#include "services/product/demo/catalogue.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/products.hpp"

namespace mc::product_service
{
namespace
{

constexpr std::int64_t products_told_max = 100;

std::vector<demo_person> people_with(demo_world const& world, role wanted)
{
    std::vector<demo_person> found;
    for (demo_person const& person : world.people)
        if (person.role == wanted)
            found.push_back(person);
    return found;
}

result<> add_goods(transaction& tx, demo_world const& world,
                   std::vector<demo_person> const& suppliers,
                   std::vector<id_of<category>> const& categories, timestamp now)
{
    // Spaced out in time, so that "newest first" has an order that looks like a shop's.
    timestamp at = now - std::chrono::hours(24 * 30);
    for (demo::demo_item const& item : demo::items())
    {
        demo_person const& seller = suppliers[item.supplier % suppliers.size()];
        result<money> const price = price_of(item.price, "USD");
        if (!price)
            return price.error();
        std::string const picture =
            world.picture_url + "/demo/images/" + slug_of(item.name, product_slug_max) + ".svg";
        actions::new_product wanted{
            .category_id = categories[item.category],
            .name = std::string(item.name),
            .description = std::string(item.description),
            .price = *price,
            .stock_quantity = item.stock,
            .images = {{.url = picture, .is_primary = true, .sort_order = {}}}};
        result<product> const added = actions::add_product(
            tx, {.user_id = seller.id, .role = role::supplier}, std::move(wanted), at);
        if (!added)
            return added.error();
        at += std::chrono::hours(23);
    }
    return result<>{};
}

result<> seed(transaction& tx, demo_world const& world, timestamp now)
{
    std::vector<demo_person> const admins = people_with(world, role::admin);
    std::vector<demo_person> const suppliers = people_with(world, role::supplier);
    if (admins.empty() || suppliers.empty() || categories::list_active(tx, 1, 0).total > 0)
        return result<>{};

    std::vector<id_of<category>> made;
    for (demo::demo_category const& each : demo::categories())
    {
        result<category> const added = actions::add_category(
            tx, {.user_id = admins.front().id, .role = role::admin}, std::string(each.name),
            std::string(each.description), now - std::chrono::hours(24 * 31));
        if (!added)
            return added.error();
        made.push_back(added->id);
    }
    return add_goods(tx, world, suppliers, made, now);
}

}  // namespace

void seed_catalogue(database& db, timestamp now, demo_world& world)
{
    result<> const seeded = db.write_now(seed, std::cref(world), now);
    seeded.value();
    products::product_list const all =
        db.read_now(products::list, products::filter{}, products::order_by::newest,
                    products::window{.limit = products_told_max, .offset = 0});
    for (products::shown_product const& each : all.rows)
    {
        std::vector<product_image> const images = db.read_now(products::images_of, each.of.id);
        world.products.push_back({.id = each.of.id,
                                  .name = each.of.name,
                                  .price = each.of.price,
                                  .image_url = images.empty() ? std::string{} : images.front().url,
                                  .owner = each.of.created_by});
    }
}

}  // namespace mc::product_service
