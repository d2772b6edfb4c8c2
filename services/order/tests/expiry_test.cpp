#include <doctest/doctest.h>

#include <array>
#include <thread>

#include "services/order/actions/cancel_order.hpp"
#include "services/order/actions/expire_orders.hpp"
#include "services/order/actions/set_order_status.hpp"
#include "services/order/store/orders.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

constexpr timestamp placed_at = from_epoch_ms(1'767'225'600'000);
constexpr seconds payment_time{900};

order pending_until(std::optional<timestamp> expires_at)
{
    order made;
    made.id = id_of<order>(1);
    made.user_id = id_of<user>(1);
    made.expires_at = expires_at;
    return made;
}

std::string status_of(order_shop& shop, std::int64_t id)
{
    return shop.as(1).get(fmt::format("/orders/{}", id)).member("status");
}

std::optional<timestamp> do_due_work(order_shop& shop)
{
    return shop.runs().do_due_work(shop.clock.now());
}

std::int64_t place_again(order_shop& shop, int line)
{
    shop.cart_holds(7, 1, "1.00", line);
    return shop.as(1).post("/orders/me", R"({"productId":7})").number("id");
}

result<std::int64_t> add_pending(transaction& tx, std::int64_t count)
{
    for (std::int64_t n = 0; n < count; ++n)
        orders::add(tx, pending_until(placed_at + payment_time));
    return count;
}

}  // namespace

TEST_CASE("expiry_of: the time to pay counts from the placing; 0 is for ever")
{
    CHECK(expiry_of(placed_at, payment_time) == placed_at + payment_time);
    CHECK(expiry_of(placed_at, seconds{1}) == placed_at + seconds{1});
    CHECK(!expiry_of(placed_at, seconds{0}));
}

TEST_CASE("expire: only what is pending, has a time and is past it, in every status")
{
    order of = pending_until(placed_at);
    CHECK(!expire(of, placed_at - milliseconds(1)));
    std::optional<order> const ended = expire(of, placed_at);
    REQUIRE(ended);
    CHECK(ended->status == order_status::cancelled);
    CHECK(ended->cancelled_because == cancel_reason::expired);
    CHECK(ended->cancelled_at == placed_at);
    CHECK(ended->version == of.version + 1);

    CHECK(!expire(pending_until(std::nullopt), placed_at + std::chrono::days(999)));
    using enum order_status;
    for (order_status const later : {paid, shipped, delivered, cancelled})
    {
        of.status = later;
        CHECK(!expire(of, placed_at + std::chrono::days(1)));
    }
}

TEST_CASE("expire_orders: what nobody pays in time is cancelled at that moment, and not before")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    CHECK(shop.as(1).get("/orders/1").member("expiresAt") == "\"2026-01-01T00:15:00.000Z\"");
    CHECK(do_due_work(shop) == placed_at + payment_time);

    shop.clock.advance(payment_time - milliseconds(1));
    CHECK(do_due_work(shop) == placed_at + payment_time);
    CHECK(status_of(shop, order) == "\"pending\"");

    shop.clock.advance(milliseconds(1));
    CHECK(!do_due_work(shop));
    auto const ended = shop.as(1).get("/orders/1");
    CHECK(ended.member("status") == "\"cancelled\"");
    CHECK(ended.member("cancelReason") == "\"expired\"");
    CHECK(ended.member("cancelledAt") == "\"2026-01-01T00:15:00.000Z\"");
    CHECK(ended.member("expiresAt") == "null");
    std::vector<contracts::order_cancelled> const told =
        shop.published<contracts::order_cancelled>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].reason == "expired");
    CHECK(told[0].previous_status == "pending");
    CHECK(told[0].version == 2);

    CHECK(!do_due_work(shop));
    CHECK(shop.published<contracts::order_cancelled>().size() == 1);
}

TEST_CASE("expire_orders: a paid order does not expire, and shows no time any more")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    REQUIRE(shop.move(order, "paid").status == 200);
    shop.clock.advance(std::chrono::days(2));
    CHECK(!do_due_work(shop));
    CHECK(status_of(shop, order) == "\"paid\"");
    CHECK(shop.as(1).get("/orders/1").member("expiresAt") == "null");
}

TEST_CASE("expire_orders: late is not lost: until it is cancelled a due order can be paid")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    shop.clock.advance(payment_time + seconds(30));
    CHECK(shop.move(order, "paid").status == 200);
    do_due_work(shop);
    CHECK(status_of(shop, order) == "\"paid\"");
    CHECK(shop.published<contracts::order_cancelled>().empty());
}

TEST_CASE("expire_orders: an expired order cannot be paid; cancelling it again changes nothing")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    shop.clock.advance(payment_time);
    do_due_work(shop);
    CHECK(shop.move(order, "paid").message() == "Cannot change status from cancelled to paid");
    auto const again = shop.as(1).patch(fmt::format("/orders/{}/cancel", order));
    CHECK(again.status == 200);
    CHECK(again.member("cancelReason") == "\"expired\"");
}

TEST_CASE(
    "expire_orders: 250 due orders end in one call, each told once, in the order of their time")
{
    order_shop shop;
    for (int n = 0; n < 250; ++n)
    {
        shop.clock.advance(milliseconds(10));
        place_again(shop, 100 + n);
    }
    shop.clock.advance(payment_time);
    std::int64_t const young = place_again(shop, 99);

    CHECK(do_due_work(shop) == shop.clock.now() + payment_time);

    CHECK(shop.published<contracts::order_cancelled>().size() == 250);
    CHECK(shop.published<contracts::order_cancelled>().front().order_id.value == 1);
    CHECK(status_of(shop, young) == "\"pending\"");
}

TEST_CASE("expire_orders: after a long stop a thousand end at a call, the rest right afterwards")
{
    order_shop shop;
    (void)shop.db().write_now(add_pending, std::int64_t{1'001}).value();
    shop.clock.advance(payment_time);

    CHECK(do_due_work(shop) == shop.clock.now());
    CHECK(shop.published<contracts::order_cancelled>().size() == 1'000);
    CHECK(!do_due_work(shop));
    CHECK(shop.published<contracts::order_cancelled>().size() == 1'001);
}

TEST_CASE("expire_orders: with a payment time of 0 orders wait for ever")
{
    order_shop shop({{"ORDER_PAYMENT_TTL_SECONDS", "0"}});
    std::int64_t const order = shop.placed_order();
    CHECK(shop.as(1).get("/orders/1").member("expiresAt") == "null");
    shop.clock.advance(std::chrono::days(999));
    CHECK(!do_due_work(shop));
    CHECK(status_of(shop, order) == "\"pending\"");
    CHECK(!shop.published<contracts::order_created>().at(0).expires_at);
}

TEST_CASE("races: of expiry by three copies, cancelling and paying exactly one wins")
{
    for (int round = 0; round < 10; ++round)
    {
        order_shop shop;
        id_of<order> const id(shop.placed_order());
        shop.clock.advance(payment_time);
        timestamp const now = shop.clock.now();
        {
            std::vector<std::jthread> racers;
            for (int n = 0; n < 3; ++n)
                racers.emplace_back([&]
                                    { (void)shop.db().write_now(actions::expire_orders, now); });
            racers.emplace_back(
                [&]
                {
                    (void)shop.db().write_now(actions::cancel_order,
                                              actor{id_of<user>(1), role::user}, id, now);
                });
            racers.emplace_back(
                [&]
                {
                    (void)shop.db().write_now(actions::set_order_status, id, order_status::paid,
                                              now);
                });
        }
        CHECK(shop.published<contracts::order_cancelled>().size() +
                  shop.published<contracts::order_paid>().size() ==
              1);
        std::optional<order> const left = shop.db().read_now(orders::find, id);
        REQUIRE(left);
        CHECK(left->version == 2);
        bool const was_paid = !shop.published<contracts::order_paid>().empty();
        CHECK((left->status == order_status::paid) == was_paid);
    }
}
