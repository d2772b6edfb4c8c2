#include "services/cart/clients/user_client.hpp"

#include <fmt/format.h>

#include "services/cart/domain/errors.hpp"

namespace mc::cart_service
{
namespace
{

class remote_users final : public user_client
{
public:
    remote_users(std::unique_ptr<http::service_client> to, milliseconds timeout)
        : to_(std::move(to)), timeout_(timeout)
    {}

    awaitable<result<account_exists>> exists(id_of<user> id, std::string authorization) override
    {
        http::client_request request{.verb = http::method::get,
                                     .target = fmt::format("/users/{}", id.value),
                                     .authorization = std::move(authorization),
                                     .audience = "user",
                                     .timeout = timeout_};
        result<http::client_reply> const reply = co_await to_->send(std::move(request));
        if (!reply || (reply->status != 200 && reply->status != 404))
            co_return users_unusable();
        co_return reply->status == 200 ? account_exists::yes : account_exists::no;
    }

private:
    std::unique_ptr<http::service_client> to_;
    milliseconds timeout_;
};

}  // namespace

std::unique_ptr<user_client> make_user_client(std::unique_ptr<http::service_client> to,
                                              milliseconds timeout)
{
    return std::make_unique<remote_users>(std::move(to), timeout);
}

}  // namespace mc::cart_service
