#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "platform/observe/trace.hpp"
#include "services/order/http/place_once.hpp"

// Orders that were planned and are to be written, for tests of those that come together.
namespace mc::order_service
{

using answers = std::vector<std::optional<answer>>;

inline timestamp const noon = from_epoch_ms(1'767'268'800'000);

inline cart_line line_of(std::int64_t id, std::int64_t quantity, std::int64_t taken = 0,
                         std::int64_t used = 0)
{
    return {.id = id_of<cart_item>(id),
            .product_id = id_of<product>(id % 5 + 1),
            .product_name = fmt::format("Mug “{}”", id),
            .product_image_url = fmt::format("http://shop.example/{}.png", id),
            .unit_price = money(1999 + id, currency()),
            .quantity = quantity,
            .taken = taken,
            .used = used};
}

// Of one buyer, whose cart has the lines; `named` makes the placement.
inline actions::order_to_place order_of(std::int64_t buyer, std::vector<wanted_line> lines,
                                        std::string const& named)
{
    actions::order_to_place made{.key = {.user_id = buyer,
                                         .route = "POST /orders/me",
                                         .key = std::nullopt,
                                         .fingerprint = fingerprint_of(named)},
                                 .buyer = id_of<user>(buyer),
                                 .planned = {.cart = {},
                                             .one_product = std::nullopt,
                                             .lines = std::move(lines),
                                             .payment_time = seconds(900)},
                                 .now = noon};
    made.planned.placement_id = placement_id_of(made.buyer, "test", named, noon);
    for (wanted_line const& each : made.planned.lines)
        made.planned.cart.push_back(each.from);
    return made;
}

// One unit of a line of five.
inline actions::order_to_place usual(std::int64_t buyer, std::int64_t line)
{
    return order_of(buyer, {{line_of(line, 5), 1}}, fmt::format("usual {}", buyer));
}

inline actions::order_to_place with_key(actions::order_to_place wanted, std::string key)
{
    wanted.key.key = std::move(key);
    return wanted;
}

inline std::vector<call_context> traces_for(std::size_t count)
{
    std::vector<call_context> calls(count);
    for (std::size_t at = 0; at < count; ++at)
        calls[at].traceparent =
            traceparent_text(fmt::format("00-{:032x}-{:016x}-01", at + 1, at + 1));
    return calls;
}

inline result<answers> run_together(transaction& tx,
                                    std::vector<actions::order_to_place> const& all,
                                    std::vector<call_context> const& calls)
{
    std::vector<batch_item<actions::order_to_place>> items;
    for (std::size_t at = 0; at < all.size(); ++at)
        items.push_back({all[at], calls[at]});
    return place_each_once(tx, items);
}

}  // namespace mc::order_service
