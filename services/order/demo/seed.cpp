#include "services/order/demo/seed.hpp"

#include <array>

#include "platform/events/outbox.hpp"
#include "services/order/actions/cancel_order.hpp"
#include "services/order/actions/set_order_status.hpp"
#include "services/order/domain/placement.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service
{
namespace
{

// One order of the demonstration: who of the customers bought what, how long ago, and what became
// of it.
struct demo_order
{
    std::size_t customer;
    std::size_t first_product;
    std::size_t lines;
    int days_ago;
    order_status became;
};

constexpr std::array story = {
    demo_order{0, 0, 3, 21, order_status::delivered},
    demo_order{1, 4, 1, 18, order_status::delivered},
    demo_order{2, 9, 2, 16, order_status::cancelled},
    demo_order{0, 12, 1, 11, order_status::delivered},
    demo_order{3, 7, 2, 9, order_status::shipped},
    demo_order{1, 15, 4, 6, order_status::shipped},
    demo_order{4, 20, 1, 4, order_status::paid},
    demo_order{2, 3, 2, 3, order_status::paid},
    demo_order{0, 18, 1, 2, order_status::cancelled},
    demo_order{3, 23, 3, 1, order_status::paid},
    demo_order{4, 6, 1, 1, order_status::pending},
    demo_order{0, 25, 2, 0, order_status::pending},
};

constexpr std::array steps = {order_status::paid, order_status::shipped, order_status::delivered};

wanted_line line_of(demo_product const& from, std::int64_t quantity)
{
    return {.from = {.id = {},
                     .product_id = from.id,
                     .product_name = from.name,
                     .product_image_url = from.image_url,
                     .unit_price = from.price,
                     .quantity = quantity,
                     .taken = 0,
                     .used = 0},
            .quantity = quantity};
}

// Lives the order's life step by step, a day each, so that every event of it is told.
result<> live(transaction& tx, order const& placed, demo_order const& plan)
{
    timestamp at = placed.created_at;
    if (plan.became == order_status::cancelled)
    {
        actor const customer{.user_id = placed.user_id, .role = role::user};
        result<order> const cancelled =
            actions::cancel_order(tx, customer, placed.id, at + std::chrono::hours(3));
        if (!cancelled)
            return cancelled.error();
        return result<>{};
    }
    for (order_status const step : steps)
    {
        if (plan.became < step)
            break;
        at += std::chrono::hours(20);
        result<order> const moved = actions::set_order_status(tx, placed.id, step, at);
        if (!moved)
            return moved.error();
    }
    return result<>{};
}

result<> seed(transaction& tx, demo_world const& world, timestamp now)
{
    std::vector<demo_person> customers;
    for (demo_person const& person : world.people)
        if (person.role == role::user)
            customers.push_back(person);
    bool const is_empty = orders::all(tx, {}, {.limit = 1, .offset = 0}).total == 0;
    if (!is_empty || customers.empty() || world.products.empty())
        return result<>{};

    for (demo_order const& plan : story)
    {
        std::vector<wanted_line> lines;
        for (std::size_t n = 0; n < plan.lines; ++n)
        {
            std::size_t const chosen = (plan.first_product + n * 5) % world.products.size();
            lines.push_back(line_of(world.products[chosen], static_cast<std::int64_t>(n % 2 + 1)));
        }
        id_of<user> const buyer = customers[plan.customer % customers.size()].id;
        result<order> const made = make_order(buyer, lines, now - std::chrono::days(plan.days_ago));
        if (!made)
            return made.error();
        order bought = *made;
        for (order_item& item : bought.items)
            item.cart_item_id.reset();
        order const placed = orders::add(tx, bought);
        outbox::add(tx, order_created_from(placed));
        result<> const lived = live(tx, placed, plan);
        if (!lived)
            return lived;
    }
    return result<>{};
}

}  // namespace

void seed_orders(database& db, timestamp now, demo_world const& world)
{
    result<> const seeded = db.write_now(seed, std::cref(world), now);
    seeded.value();
}

}  // namespace mc::order_service
