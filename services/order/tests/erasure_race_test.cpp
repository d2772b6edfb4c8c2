#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "contracts/user_events.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

// Two transactions at once: on a database server they run beside each other.
TEST_CASE("USER_DELETED: whichever comes first, no order keeps an address of a deleted account")
{
    constexpr int buyers = 40;
    order_shop shop;
    shop.other("user").behaves(
        [](http::client_request const& asked) -> result<http::client_reply>
        {
            std::string const id = asked.target.substr(asked.target.rfind('/') + 1);
            return http::client_reply{
                .status = 200,
                .body = fmt::format(R"({{"id":{},"name":"A","line1":"1 Main St","city":"B",)"
                                    R"("country":"DE"}})",
                                    id)};
        });
    for (int buyer = 1; buyer <= buyers; ++buyer)
    {
        CAPTURE(buyer);
        // Known, so that there is an account to delete.
        REQUIRE(shop.hear(contracts::user_created{.id = id_of<user>(buyer),
                                                  .name = "A",
                                                  .email = fmt::format("a{}@example.com", buyer),
                                                  .role = "user",
                                                  .account_status = "active"}));
        shop.show_cart("[" + order_shop::line_text(7, 1, "19.99", 100 + buyer) + "]", "USD", buyer);
        std::atomic<bool> go = false;
        std::jthread deletion(
            [&]
            {
                go.wait(false);
                (void)shop.hear(contracts::user_deleted{.id = id_of<user>(buyer),
                                                        .version = 2,
                                                        .session_epoch = 2,
                                                        .deleted_at = shop.clock.now()});
            });
        auto const speaker = shop.as(buyer);
        go = true;
        go.notify_all();
        int const status = speaker.post("/orders/me/checkout", R"({"addressId":5})").status;
        deletion.join();
        CHECK((status == 201 || status == 401));
        auto const left = shop.as(900, role::admin).get(fmt::format("/orders/user/{}", buyer));
        CHECK(left.body.find("Main St") == std::string::npos);
    }
}
