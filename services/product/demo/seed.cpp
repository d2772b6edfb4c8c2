#include "services/product/demo/seed.hpp"

#include <algorithm>
#include <functional>

#include "platform/core/text.hpp"
#include "services/product/actions/add_category.hpp"
#include "services/product/actions/add_product.hpp"
#include "services/product/actions/change_product.hpp"
#include "services/product/demo/catalogue.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/products.hpp"

namespace mc::product_service
{
namespace
{

constexpr std::int64_t products_at_once = 100;
constexpr std::string_view pictures = "/demo/images/";

std::vector<demo_person> people_with(demo_world const& world, role wanted)
{
    std::vector<demo_person> found;
    for (demo_person const& person : world.people)
        if (person.role == wanted)
            found.push_back(person);
    return found;
}

std::string picture_path(demo::demo_item const& item)
{
    return std::string(pictures) + slug_of(item.name, product_slug_max) + ".svg";
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
        std::string const picture = world.picture_url + picture_path(item);
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

// A picture that this service draws is where the service is now; any other URL stays.
std::string moved(std::string const& url, std::string const& root)
{
    std::size_t const at = url.rfind(pictures);
    if (at == std::string::npos)
        return url;
    std::string const path = url.substr(at);
    bool const is_drawn_here = std::ranges::any_of(demo::items(), [&](demo::demo_item const& item)
                                                   { return picture_path(item) == path; });
    return is_drawn_here ? root + path : url;
}

result<> move_pictures_of(transaction& tx, product const& shown, std::string const& root,
                          timestamp now)
{
    actions::product_changes wanted;
    for (product_image const& image : products::images_of(tx, shown.id))
        wanted.images.push_back({.url = moved(image.url, root),
                                 .is_primary = image.is_primary,
                                 .sort_order = image.sort_order});
    result<product> const changed =
        actions::change_product(tx, {.user_id = shown.created_by, .role = role::supplier}, shown.id,
                                std::move(wanted), std::nullopt, now);
    if (!changed)
        return changed.error();
    return result<>{};
}

// The demonstration after a start at other ports or under another PUBLIC_URL: its pictures are
// changed as their suppliers would change them, so that carts hear of it. Where nothing has moved,
// nothing changes and nothing is told.
result<> move_pictures(transaction& tx, demo_world const& world, timestamp now)
{
    row_window page{.limit = products_at_once, .offset = 0};
    for (;; page.offset += page.limit)
    {
        products::product_list const shown =
            products::list(tx, {}, products::order_by::newest, page);
        for (products::shown_product const& each : shown.rows)
        {
            result<> const done = move_pictures_of(tx, each.of, world.picture_url, now);
            if (!done)
                return done;
        }
        if (shown.rows.empty())
            return result<>{};
    }
}

result<> seed(transaction& tx, demo_world const& world, timestamp now)
{
    std::vector<demo_person> const admins = people_with(world, role::admin);
    std::vector<demo_person> const suppliers = people_with(world, role::supplier);
    if (categories::list_active(tx, {.limit = 1, .offset = 0}).total > 0)
        return move_pictures(tx, world, now);
    if (admins.empty() || suppliers.empty())
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
                    row_window{.limit = products_at_once, .offset = 0});
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
