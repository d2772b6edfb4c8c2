#include "services/user/actions/log_in.hpp"

#include "platform/observe/log.hpp"
#include "services/user/actions/check_password.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/password_failures.hpp"

namespace mc::user_service::actions
{
namespace
{

// The id in a log line; 0 for an address nobody has, which is not logged: people type passwords
// there.
std::int64_t logged_id(login_attempt const& attempt)
{
    return attempt.found ? attempt.found->of.id.value : 0;
}

// Nothing when the stored hash is as good as one made now.
awaitable<result<std::optional<new_hash>>> rehashed(deps& use, password_check checked,
                                                    std::string stored, std::string password)
{
    if (!checked.needs_rehash)
        co_return std::optional<new_hash>{};
    result<std::string> made = co_await use.passwords.hash(std::move(password));
    if (!made)
        co_return made.error();
    co_return new_hash{.before = std::move(stored), .after = std::move(*made)};
}

}  // namespace

result<login_attempt> begin_login(transaction& tx, std::string email_key, std::string counter,
                                  timestamp now)
{
    result<std::int64_t> const number = password_failures::begin(tx, counter, now);
    if (!number)
        return number.error();
    return login_attempt{.number = *number, .found = users::credentials_by_email(tx, email_key)};
}

result<> complete_login(transaction& tx, id_of<user> id, std::string counter,
                        std::optional<new_hash> rehashed, timestamp now)
{
    if (!users::note_login(tx, id, now))
        return invalid_credentials();
    if (rehashed)
        users::rehash(tx, id, rehashed->before, rehashed->after);
    return password_failures::forget(tx, counter);
}

awaitable<result<std::string>> log_in(deps& use, std::string email_key, std::string password)
{
    std::string const counter = use.key.login_counter(email_key);
    result<login_attempt> const begun =
        co_await use.db.write(begin_login, email_key, counter, use.now.now());
    if (!begun)
    {
        log_info("login_throttled");
        co_return begun.error();
    }

    std::optional<users::credentials> const& found = begun->found;
    bool const has_password = found && found->password_hash;
    std::string const stored = has_password ? *found->password_hash : use.passwords.dummy_hash();
    result<password_check> const checked =
        co_await check_password(use, {counter, begun->number}, password, stored);
    if (!checked)
        co_return checked.error();
    if (!checked->matches || !has_password)
    {
        log_info("login_failed", {{"user_id", logged_id(*begun)}, {"failures", begun->number}});
        co_return invalid_credentials();
    }

    user const& account = found->of;
    if (account.status == account_status::blocked)
    {
        log_info("login_blocked", {{"user_id", account.id.value}});
        result<> const forgotten = co_await use.db.write(password_failures::forget, counter);
        if (!forgotten)
            co_return forgotten.error();
        co_return account_blocked();
    }
    result<std::optional<new_hash>> const renewed =
        co_await rehashed(use, *checked, stored, std::move(password));
    if (!renewed)
        co_return renewed.error();
    timestamp const now = use.now.now();
    result<> const done = co_await use.db.write(complete_login, account.id, counter, *renewed, now);
    if (!done)
        co_return done.error();
    log_info("login_succeeded", {{"user_id", account.id.value}});
    actor const who{.user_id = account.id, .role = account.role};
    co_return use.tokens.sign(new_token_claims(who, account.pwdv, now));
}

}  // namespace mc::user_service::actions
