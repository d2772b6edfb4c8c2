#pragma once

#include <chrono>
#include <string>

#include "platform/core/awaitable.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/deps.hpp"

namespace mc::user_service::actions
{

// Mails a new code to the account with this address. Nothing of that shows, neither in the answer
// nor in the time it takes, when there is no such account, when it is blocked, or when it was sent
// code_requests_max of them lately; requests from each of
// the account's own places are counted apart.
awaitable<result<>> ask_reset_code(deps& use, std::string email_key, std::string network);

struct fresh_code
{
    std::string digits;
    std::string mac;
    std::chrono::minutes lifetime;
};

// Its transaction.
result<> mail_reset_code(transaction& tx, std::string email_key, fresh_code code, std::string place,
                         timestamp now);

}  // namespace mc::user_service::actions
