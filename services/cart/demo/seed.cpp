#include "services/cart/demo/seed.hpp"

#include <functional>

#include "services/cart/actions/add_item.hpp"
#include "services/cart/store/carts.hpp"

namespace mc::cart_service
{
namespace
{

constexpr std::size_t customers_with_cart = 3;
constexpr std::size_t products_in_cart = 2;
constexpr std::int64_t demo_stock = 1'000;

result<> seed(transaction& tx, demo_world const& world, timestamp now)
{
    std::size_t customers = 0;
    for (demo_person const& person : world.people)
    {
        if (person.role != role::user || customers == customers_with_cart || world.products.empty())
            continue;
        std::size_t const first = customers++ * 7;
        if (!carts::open(tx, person.id, now).items.empty())
            continue;
        for (std::size_t n = 0; n < products_in_cart; ++n)
        {
            demo_product const& chosen = world.products[(first + n * 11) % world.products.size()];
            result<cart> const added = actions::add_item(tx, person.id,
                                                         {.product_id = chosen.id,
                                                          .name = chosen.name,
                                                          .image_url = chosen.image_url,
                                                          .price = chosen.price,
                                                          .stock = demo_stock,
                                                          .version = std::nullopt},
                                                         static_cast<std::int64_t>(n + 1), now);
            if (!added)
                return added.error();
        }
    }
    return result<>{};
}

}  // namespace

void seed_carts(database& db, timestamp now, demo_world const& world)
{
    result<> const seeded = db.write_now(seed, std::cref(world), now);
    seeded.value();
}

}  // namespace mc::cart_service
