#include "services/user/actions/check_password.hpp"

#include "platform/observe/log.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/password_failures.hpp"

namespace mc::user_service::actions
{

awaitable<result<>> prove_password(deps& use, users::credentials known, std::string typed)
{
    if (typed.empty() || !known.password_hash)
        co_return old_password_incorrect();
    std::string const counter = use.key.old_password_counter(known.of.id);
    result<> const let_in =
        co_await use.db.read(password_failures::may_try, counter, use.clock.now());
    if (!let_in)
        co_return let_in;
    result<password_check> const checked =
        co_await use.passwords.verify(std::move(typed), std::move(*known.password_hash));
    if (!checked)
        co_return checked.error();
    if (checked->matches)
    {
        result<> const proven =
            co_await use.db.write(password_failures::succeed, counter, use.clock.now());
        co_return proven;
    }
    result<std::int64_t> const failures =
        co_await use.db.write(password_failures::fail, counter, use.clock.now());
    if (!failures)
        co_return failures.error();
    log_info("old_password_wrong", {{"user_id", known.of.id.value}, {"failures", *failures}});
    co_return old_password_incorrect();
}

}  // namespace mc::user_service::actions
