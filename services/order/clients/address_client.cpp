#include "services/order/clients/address_client.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/postal_address.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"
#include "services/order/domain/errors.hpp"

namespace mc::order_service
{
namespace
{

error refusal(http::client_reply const& reply)
{
    switch (reply.status)
    {
    case 401: return {error_kind::unauthenticated, "auth.unauthorized", http::message_of(reply)};
    case 403: return address_refused(http::message_of(reply));
    case 404: return address_not_found();
    case 429:
        return addresses_throttled(http::message_of(reply), std::max(1, reply.retry_after_seconds));
    case 503: return addresses_unavailable();
    default:  return addresses_unusable();
    }
}

class remote_addresses final : public address_client
{
public:
    remote_addresses(std::unique_ptr<http::service_client> to, milliseconds timeout)
        : to_(std::move(to)), timeout_(timeout)
    {}

    awaitable<result<std::string>> copy_of(id_of<user> buyer, id_of<address> which,
                                           std::string authorization) override
    {
        http::client_request request{
            .verb = http::method::get,
            .target = fmt::format("/users/{}/addresses/{}", buyer.value, which.value),
            .authorization = std::move(authorization),
            .audience = "user",
            .timeout = timeout_};
        result<http::client_reply> const reply = co_await to_->send(std::move(request));
        if (!reply)
            co_return reply.error().kind == error_kind::unavailable ? addresses_unavailable()
                                                                    : addresses_unusable();
        if (reply->status != 200)
            co_return refusal(*reply);
        result<contracts::postal_address> const found =
            json::parse<contracts::postal_address>(reply->body);
        if (!found || found->id != which)
            co_return addresses_unusable();
        std::string copy = json::to_text(*found);
        if (copy.size() > address_bytes_max)
            co_return addresses_unusable();
        co_return copy;
    }

private:
    std::unique_ptr<http::service_client> to_;
    milliseconds timeout_;
};

}  // namespace

std::unique_ptr<address_client> make_address_client(std::unique_ptr<http::service_client> to,
                                                    milliseconds timeout)
{
    return std::make_unique<remote_addresses>(std::move(to), timeout);
}

}  // namespace mc::order_service
