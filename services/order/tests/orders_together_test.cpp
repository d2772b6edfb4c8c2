#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "platform/testing/at_server.hpp"
#include "services/order/deps.hpp"
#include "services/order/http/placing.hpp"
#include "services/order/tests/order_shop.hpp"
#include "services/order/tests/order_tables.hpp"
#include "services/order/tests/planned_orders.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

constexpr std::int64_t units = 3;
constexpr std::int64_t first_line = 1000;

// Every buyer has a line of so many units, and nobody takes them out.
class full_carts final : public cart_client
{
public:
    awaitable<result<std::vector<cart_line>>> my_cart(id_of<user> buyer,
                                                      std::optional<id_of<product>>,
                                                      std::string) override
    {
        co_return std::vector<cart_line>{{.id = id_of<cart_item>(first_line + buyer.value),
                                          .product_id = id_of<product>(7),
                                          .product_name = "Mug",
                                          .product_image_url = "http://shop.example/7.png",
                                          .unit_price = money(1999, currency()),
                                          .quantity = units,
                                          .taken = 0,
                                          .used = 0}};
    }
};

class full_store final : public inventory_client
{
public:
    awaitable<result<hold_answer>> hold(std::string, std::vector<stock_need>) override
    {
        co_return hold_answer{.outcome = hold_outcome::held,
                              .held_until = std::chrono::steady_clock::now() + seconds(900)};
    }
    awaitable<> release(std::string) override
    {
        ++released;
        co_return;
    }

    int released = 0;
};

class no_addresses final : public address_client
{
public:
    awaitable<result<std::string>> copy_of(id_of<user>, id_of<address>, std::string) override
    {
        co_return error{error_kind::not_found, "test.none", "none"};
    }
};

// What many ask at the same moment, all on one thread, and are answered.
class crowd
{
public:
    explicit crowd(order_shop& shop)
        : use_{shop.db(),
               shop.clock,
               std::make_unique<full_carts>(),
               std::make_unique<no_addresses>(),
               std::make_unique<full_store>(),
               seconds(900)}
    {}

    void asks(std::int64_t buyer, std::optional<std::string> key, std::int64_t quantity)
    {
        std::size_t const at = answers.size();
        answers.emplace_back(error{error_kind::unavailable, "test.unanswered", "unanswered"});
        idempotency once{.user_id = buyer,
                         .route = "POST /orders/me",
                         .key = std::move(key),
                         .fingerprint = fingerprint_of("the same")};
        boost::asio::co_spawn(io_,
                              order_from_cart(use_, actor{id_of<user>(buyer), role::user},
                                              std::move(once), "",
                                              {.one_product = choice{id_of<product>(7), quantity},
                                               .address_id = std::nullopt,
                                               .expected_total = std::nullopt}),
                              [this, at](std::exception_ptr failed, result<answer> given)
                              {
                                  if (!failed)
                                      answers[at] = std::move(given);
                              });
    }
    void are_answered() { io_.run(); }

    std::vector<result<answer>> answers;
    int released() const { return static_cast<full_store const&>(*use_.inventory).released; }

private:
    boost::asio::io_context io_;
    deps use_;
};

bool is_placed(result<answer> const& given)
{
    return given && given->status == 201 && given->is_replayed == replayed::no;
}

// How many statements so many orders take that are written together.
result<std::int64_t> statements_for(transaction& tx,
                                    std::vector<actions::order_to_place> const& all)
{
    std::int64_t const before = testing::executed_statements(tx);
    result<answers> const given = run_together(tx, all, traces_for(all.size()));
    std::int64_t const looked = 1;
    for (std::optional<answer> const& each : *given)
        REQUIRE(each);
    return testing::executed_statements(tx) - before - looked;
}

}  // namespace

TEST_CASE("orders that come together: each buyer gets what they would have got alone")
{
    order_shop shop;
    crowd many(shop);
    constexpr std::int64_t usual_buyers = 30;
    constexpr std::int64_t twins = 10;
    constexpr std::int64_t rivals = 6;
    std::int64_t buyer = 0;
    while (buyer < usual_buyers)
        many.asks(++buyer, std::nullopt, 1);
    for (std::int64_t n = 0; n < twins; ++n)
    {
        many.asks(++buyer, "again", 1);
        many.asks(buyer, "again", 1);
    }
    for (std::int64_t n = 0; n < rivals; ++n)
    {
        many.asks(++buyer, std::nullopt, 2);
        many.asks(buyer, std::nullopt, 2);
    }

    many.are_answered();

    std::span<result<answer> const> left(many.answers);
    for (; left.size() > 2 * (twins + rivals); left = left.subspan(1))
        CHECK(is_placed(left[0]));
    for (; left.size() > 2 * rivals; left = left.subspan(2))
    {
        REQUIRE(left[0]);
        REQUIRE(left[1]);
        CHECK(left[0]->body == left[1]->body);
        CHECK(is_placed(left[0]) != is_placed(left[1]));
    }
    for (; !left.empty(); left = left.subspan(2))
    {
        CHECK(is_placed(left[0]) != is_placed(left[1]));
        result<answer> const& refused = left[0] ? left[1] : left[0];
        CHECK(refused.error().message == "Only 1 item(s) available in cart for this product");
    }

    tables const found = tables_of(shop);
    CHECK(found.orders.size() == static_cast<std::size_t>(buyer));
    CHECK(found.items.size() == found.orders.size());
    CHECK(found.events.size() == found.orders.size());
    CHECK(found.keys.size() == twins);
    REQUIRE(found.ledger.size() == found.orders.size());
    for (ledger_row const& each : found.ledger)
    {
        CAPTURE(each.cart_item_id);
        CHECK(each.used == (each.cart_item_id > first_line + usual_buyers + twins ? 2 : 1));
    }
    CHECK(many.released() <= rivals);
    // Where a statement is a round trip they did go together.
    CHECK((shop.db().figures().batched > 0) == testing::is_at_server(shop.db()));
}

TEST_CASE("place_orders: sixteen orders of one line each take as many statements as is said")
{
    order_shop shop;
    if (!testing::is_at_server(shop.db()))
        return;
    std::vector<actions::order_to_place> plain;
    std::vector<actions::order_to_place> keyed;
    std::vector<actions::order_to_place> known;
    for (std::int64_t n = 1; n <= 16; ++n)
    {
        plain.push_back(usual(n, n));
        keyed.push_back(with_key(usual(100 + n, 100 + n), "a key"));
        known.push_back(order_of(n, {{line_of(n, 5, 0, 1), 1}}, fmt::format("more {}", n)));
    }
    // The ledger, orders, their ids, lines, their ids, events; and the keys.
    CHECK(shop.db().write_now(statements_for, plain).value() == 6);
    CHECK(shop.db().write_now(statements_for, keyed).value() == 7);
    CHECK(shop.db().write_now(statements_for, known).value() == 6);
}
