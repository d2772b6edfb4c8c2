#include <doctest/doctest.h>

#include <array>
#include <thread>

#include "services/order/actions/cancel_order.hpp"
#include "services/order/actions/set_order_status.hpp"
#include "services/order/store/orders.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

constexpr std::array all_statuses = {order_status::pending, order_status::paid,
                                     order_status::shipped, order_status::delivered,
                                     order_status::cancelled};

}  // namespace

TEST_CASE("may_become: of all pairs of statuses exactly these five follow each other")
{
    int allowed = 0;
    for (order_status const from : all_statuses)
        for (order_status const to : all_statuses)
            allowed += may_become(from, to) ? 1 : 0;
    CHECK(allowed == 5);
    CHECK(may_become(order_status::pending, order_status::paid));
    CHECK(may_become(order_status::pending, order_status::cancelled));
    CHECK(may_become(order_status::paid, order_status::shipped));
    CHECK(may_become(order_status::paid, order_status::cancelled));
    CHECK(may_become(order_status::shipped, order_status::delivered));
}

TEST_CASE("cancel_order: somebody else's order stays as it was")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();

    auto const reply = shop.as(2).patch(fmt::format("/orders/{}/cancel", order));

    CHECK(reply.status == 403);
    CHECK(reply.message() == "Forbidden");
    CHECK(shop.as(1).get(fmt::format("/orders/{}", order)).member("status") == "\"pending\"");
    CHECK(shop.published<contracts::order_cancelled>().empty());
}

TEST_CASE("cancel_order: the owner cancels while it is pending, and again changes nothing")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    shop.clock.advance(seconds(5));

    auto const cancelled = shop.as(1).patch(fmt::format("/orders/{}/cancel", order));
    auto const again = shop.as(1).patch(fmt::format("/orders/{}/cancel", order));

    CHECK(cancelled.status == 200);
    CHECK(cancelled.member("status") == "\"cancelled\"");
    CHECK(cancelled.member("cancelledAt") == "\"2026-01-01T00:00:05.000Z\"");
    CHECK(again.body == cancelled.body);
    REQUIRE(shop.published<contracts::order_cancelled>().size() == 1);
    CHECK(shop.published<contracts::order_cancelled>()[0].reason == "customer");
}

TEST_CASE("cancel_order: a paid order is not cancelled here, not even by an admin")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    CHECK(shop.move(order, "paid").status == 200);
    for (auto const& who : {shop.as(1), shop.as(900, role::admin)})
    {
        auto const reply = who.patch(fmt::format("/orders/{}/cancel", order));
        CHECK(reply.status == 400);
        CHECK(reply.message() == "Only pending orders can be cancelled");
    }
}

TEST_CASE("set_order_status: an admin moves an order along, each step tells one event")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    CHECK(shop.move(order, " Paid ").member("status") == "\"paid\"");
    CHECK(shop.move(order, "paid").status == 200);
    CHECK(shop.move(order, "shipped").status == 200);
    CHECK(shop.move(order, "delivered").member("cancelledAt") == "null");

    CHECK(shop.published<contracts::order_paid>().size() == 1);
    CHECK(shop.published<contracts::order_shipped>().size() == 1);
    CHECK(shop.published<contracts::order_delivered>().size() == 1);
    CHECK(shop.published<contracts::order_delivered>()[0].version == 4);
}

TEST_CASE("set_order_status: what the contract refuses")
{
    struct row
    {
        char const* body;
        int status;
        char const* message;
    };
    constexpr char const* must_be = "Status must be one of: paid, shipped, delivered, cancelled";
    row const rows[] = {
        {R"({})", 400, "Status is required"},
        {R"({"status":"  "})", 400, "Status is required"},
        {R"({"status":null})", 400, "Status is required"},
        {R"({"status":5})", 400, "Status is required"},
        {R"({"status":"pending"})", 400, must_be},
        {R"({"status":"refunded"})", 400, must_be},
        {R"({"status":"shipped"})", 400, "Cannot change status from pending to shipped"},
        {R"({"status":"delivered"})", 400, "Cannot change status from pending to delivered"},
    };
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    auto const admin = shop.as(900, role::admin);
    for (row const& each : rows)
    {
        CAPTURE(each.body);
        auto const reply = admin.patch(fmt::format("/orders/{}/status", order), each.body);
        CHECK(reply.status == each.status);
        CHECK(reply.message() == each.message);
    }
    CHECK(admin.patch("/orders/99/status", R"({"status":"paid"})").status == 404);
    CHECK(admin.patch("/orders/x/status", R"({"status":"paid"})").message() == "Invalid orderId");
    auto const forbidden =
        shop.as(1).patch(fmt::format("/orders/{}/status", order), R"({"status":"paid"})");
    CHECK(forbidden.status == 403);
    CHECK(forbidden.message() == "Only admin can update order status");
}

TEST_CASE("pay and cancel at once: of twenty racing changes exactly one wins")
{
    order_shop shop;
    id_of<order> const id(shop.placed_order());
    std::atomic<int> cancelled{0};
    std::atomic<int> paid{0};
    {
        std::vector<std::jthread> racers;
        for (int n = 0; n < 20; ++n)
            racers.emplace_back(
                [&, n]
                {
                    timestamp const now = shop.clock.now();
                    if (n % 2 == 0)
                        cancelled += shop.db().write_now(actions::cancel_order,
                                                         actor{id_of<user>(1), role::user}, id, now)
                                         ? 1
                                         : 0;
                    else
                        paid += shop.db().write_now(actions::set_order_status, id,
                                                    order_status::paid, now)
                                    ? 1
                                    : 0;
                });
    }
    // Repeats of the winner's own change are answered with the order as it is.
    CHECK(((cancelled == 0) != (paid == 0)));
    CHECK(shop.published<contracts::order_cancelled>().size() +
              shop.published<contracts::order_paid>().size() ==
          1);
}

TEST_CASE("get_order: an unknown id is 404 for everybody, a foreign order 403, a bad id 400")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    CHECK(shop.as(1).get(fmt::format("/orders/{}", order)).status == 200);
    CHECK(shop.as(900, role::admin).get(fmt::format("/orders/{}", order)).status == 200);
    CHECK(shop.as(2).get(fmt::format("/orders/{}", order)).status == 403);
    CHECK(shop.as(2).get("/orders/99").message() == "Order not found");
    for (char const* bad : {"0", "-1", "1.5", "abc", "01", "0x1", "99999999999999999999"})
    {
        CAPTURE(bad);
        auto const reply = shop.as(1).get(fmt::format("/orders/{}", bad));
        CHECK(reply.status == 400);
        CHECK(reply.message() == "Invalid orderId");
    }
}
