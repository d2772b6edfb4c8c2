#include "services/cart/clients/catalogue_client.hpp"

#include <fmt/format.h>

#include "contracts/catalogue.hpp"
#include "platform/json/read.hpp"
#include "services/cart/domain/errors.hpp"

namespace mc::cart_service
{
namespace
{

// What cannot be sold is no offer: another product than the one asked for, a price or a stock of
// less than nothing.
result<offer> offer_of(contracts::catalogue_product const& found, id_of<product> asked)
{
    if (found.id != asked || found.stock_quantity < 0)
        return catalogue_unusable();
    std::optional<currency> const priced_in = currency::from(found.currency);
    if (!priced_in)
        return catalogue_unusable();
    std::optional<std::int64_t> const price = parse_decimal(found.price.digits, *priced_in);
    if (!price || *price < 0)
        return catalogue_unusable();
    return offer{.product_id = found.id,
                 .name = found.name,
                 .image_url = found.image_url,
                 .price = money(*price, *priced_in),
                 .stock = found.stock_quantity,
                 .version = found.version};
}

class remote_catalogue final : public catalogue_client
{
public:
    remote_catalogue(std::unique_ptr<http::service_client> to, milliseconds timeout)
        : to_(std::move(to)), timeout_(timeout)
    {}

    awaitable<result<offer>> find(id_of<product> id) override
    {
        http::client_request request{.verb = http::method::get,
                                     .target = fmt::format("/internal/products/{}", id.value),
                                     .audience = "product",
                                     .timeout = timeout_};
        result<http::client_reply> const reply = co_await to_->send(std::move(request));
        if (!reply)
            co_return catalogue_unusable();
        if (reply->status == 404)
            co_return product_unavailable();
        if (reply->status == 503)
            co_return catalogue_away();
        if (reply->status != 200)
            co_return catalogue_unusable();
        result<contracts::catalogue_product> const found =
            json::parse<contracts::catalogue_product>(reply->body);
        if (!found)
            co_return catalogue_unusable();
        co_return offer_of(*found, id);
    }

private:
    std::unique_ptr<http::service_client> to_;
    milliseconds timeout_;
};

}  // namespace

std::unique_ptr<catalogue_client> make_catalogue_client(std::unique_ptr<http::service_client> to,
                                                        milliseconds timeout)
{
    return std::make_unique<remote_catalogue>(std::move(to), timeout);
}

}  // namespace mc::cart_service
