#include "services/user/actions/check_password.hpp"

#include "platform/observe/log.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/password_failures.hpp"

namespace mc::user_service::actions
{

awaitable<result<password_check>> check_password(deps& use, counted_attempt attempt,
                                                 std::string typed, std::string stored)
{
    result<password_check> checked =
        co_await use.passwords.verify(std::move(typed), std::move(stored));
    if (!checked)
    {
        result<> const given_back =
            co_await use.db.write(password_failures::give_back, attempt.counter, attempt.number);
        if (!given_back)
            co_return given_back.error();
    }
    co_return checked;
}

awaitable<result<>> prove_password(deps& use, users::credentials known, std::string typed)
{
    if (typed.empty() || !known.password_hash)
        co_return old_password_incorrect();
    std::string const counter = use.key.old_password_counter(known.of.id);
    result<std::int64_t> const begun =
        co_await use.db.write(password_failures::begin, counter, use.now.now());
    if (!begun)
        co_return begun.error();

    result<password_check> const checked = co_await check_password(
        use, {counter, *begun}, std::move(typed), std::move(*known.password_hash));
    if (!checked)
        co_return checked.error();
    if (!checked->matches)
    {
        log_info("old_password_wrong", {{"user_id", known.of.id.value}, {"failures", *begun}});
        co_return old_password_incorrect();
    }
    result<> const forgotten = co_await use.db.write(password_failures::forget, counter);
    co_return forgotten;
}

}  // namespace mc::user_service::actions
