#pragma once

#include <memory>
#include <string>

#include "contracts/ids.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/http/client.hpp"

namespace mc::cart_service
{

enum class account_exists
{
    no,
    yes
};

// The user service, asked only about a user this service has not heard of.
class user_client
{
public:
    virtual ~user_client() = default;
    // With the caller's own Authorization header. 502 when nobody answers.
    virtual awaitable<result<account_exists>> exists(id_of<user> id, std::string authorization) = 0;
};

std::unique_ptr<user_client> make_user_client(std::unique_ptr<http::service_client> to,
                                              milliseconds timeout);

}  // namespace mc::cart_service
