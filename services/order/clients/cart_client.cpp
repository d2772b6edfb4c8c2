#include "services/order/clients/cart_client.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/cart_contents.hpp"
#include "platform/json/read.hpp"
#include "services/order/domain/errors.hpp"

namespace mc::order_service
{
namespace
{

// What the cart service refuses is refused in its words.
error refusal(http::client_reply const& reply)
{
    std::string const said = http::message_of(reply);
    switch (reply.status)
    {
    case 400: return cart_refused(error_kind::invalid, said);
    case 401: return {error_kind::unauthenticated, "auth.unauthorized", said};
    case 403: return cart_refused(error_kind::forbidden, said);
    case 404: return cart_not_found(said);
    case 429: return cart_throttled(said, std::max(1, reply.retry_after_seconds));
    case 503: return cart_unavailable();
    default:  return cart_unusable();
    }
}

// A cart of somebody else, two lines under one number, or a line of nothing is no cart to order
// from. (A price of nothing has the contract's own sentence.)
bool is_usable(contracts::cart_contents const& cart, id_of<user> buyer)
{
    if (cart.user_id != buyer)
        return false;
    std::vector<std::int64_t> numbers;
    for (contracts::cart_contents_line const& line : cart.items)
    {
        if (line.quantity < 1 || line.taken.value_or(0) < 0)
            return false;
        numbers.push_back(line.id.value);
    }
    std::ranges::sort(numbers);
    return std::ranges::adjacent_find(numbers) == numbers.end();
}

result<std::vector<cart_line>> lines_of(contracts::cart_contents const& cart)
{
    std::optional<currency> const priced_in = currency::from(cart.currency);
    if (!priced_in)
        return cart_unusable();
    std::vector<cart_line> lines;
    for (contracts::cart_contents_line const& line : cart.items)
    {
        std::optional<std::int64_t> const price = parse_decimal(line.unit_price.digits, *priced_in);
        if (!price || *price < 0)
            return cart_unusable();
        lines.push_back({.id = line.id,
                         .product_id = line.product_id,
                         .product_name = line.product_name,
                         .product_image_url = line.product_image_url,
                         .unit_price = money(*price, *priced_in),
                         .quantity = line.quantity,
                         .taken = line.taken.value_or(0),
                         .used = 0});
    }
    return lines;
}

std::string target_for(std::optional<id_of<product>> only)
{
    if (!only)
        return "/carts/me";
    return fmt::format("{}{}", contracts::cart_with_product_target, only->value);
}

class remote_cart final : public cart_client
{
public:
    remote_cart(std::unique_ptr<http::service_client> to, milliseconds timeout)
        : to_(std::move(to)), timeout_(timeout)
    {}

    awaitable<result<std::vector<cart_line>>> my_cart(id_of<user> buyer,
                                                      std::optional<id_of<product>> only,
                                                      std::string authorization) override
    {
        http::client_request request{.verb = http::method::get,
                                     .target = target_for(only),
                                     .authorization = std::move(authorization),
                                     .audience = "cart",
                                     .timeout = timeout_};
        result<http::client_reply> const reply = co_await to_->send(std::move(request));
        if (!reply)
            co_return cart_unusable();
        if (reply->status != 200)
            co_return refusal(*reply);
        result<contracts::cart_contents> const cart =
            json::parse<contracts::cart_contents>(reply->body);
        if (!cart || !is_usable(*cart, buyer))
            co_return cart_unusable();
        co_return lines_of(*cart);
    }

private:
    std::unique_ptr<http::service_client> to_;
    milliseconds timeout_;
};

}  // namespace

std::unique_ptr<cart_client> make_cart_client(std::unique_ptr<http::service_client> to,
                                              milliseconds timeout)
{
    return std::make_unique<remote_cart>(std::move(to), timeout);
}

}  // namespace mc::order_service
