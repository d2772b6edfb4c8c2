#pragma once

#include <string>

#include "platform/core/awaitable.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/deps.hpp"
#include "services/user/domain/reset_code.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

struct code_guess
{
    std::string email_key;
    std::string code;
    std::string network;  // The caller's.
};

// Whoever knows the code that was mailed last sets a new password; all sessions end and failed
// logins are forgotten. `code_wrong` for an unknown address, a wrong code and one that was guessed
// at too often; `code_used` and `code_lapsed` only to whoever knows the code. The password of now
// plays no part, so nothing can be learned of it.
awaitable<result<user>> reset_password(deps& use, code_guess guess, std::string new_password);

// Its two transactions: the guess is counted and judged before the costly hash is made, then the
// code is used up.
struct judged_code
{
    code_verdict verdict = code_verdict::wrong;
    std::int64_t reset_id = 0;
};
result<judged_code> judge_code(transaction& tx, std::string email_key, std::string guess_mac,
                               std::string place, timestamp now);

struct code_use
{
    std::int64_t reset_id;
    std::string password_hash;
    std::string place;  // The account's own from now on.
    std::string common_counter;
    std::string own_counter;
};
result<user> use_code(transaction& tx, code_use what, timestamp now);

}  // namespace mc::user_service::actions
