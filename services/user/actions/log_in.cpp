#include "services/user/actions/log_in.hpp"

#include <algorithm>
#include <utility>

#include "platform/observe/log.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/login_places.hpp"
#include "services/user/store/password_failures.hpp"

namespace mc::user_service::actions
{
namespace
{

error noted(error why)
{
    if (why.kind == error_kind::throttled)
        log_info("login_throttled");
    return why;
}

awaitable<error> refused(deps& use, std::string counter, std::optional<users::credentials> found)
{
    result<std::int64_t> const failures =
        co_await use.db.write(password_failures::fail, counter, use.clock.now());
    if (!failures)
        co_return noted(failures.error());
    // 0 for an address nobody has, which is not logged: people type passwords there.
    std::int64_t const user_id = found ? found->of.id.value : 0;
    log_info("login_failed", {{"user_id", user_id}, {"failures", *failures}});
    co_return invalid_credentials();
}

awaitable<error> refused_as_blocked(deps& use, std::string counter, id_of<user> id)
{
    result<> const forgotten =
        co_await use.db.write(password_failures::succeed, counter, use.clock.now());
    if (!forgotten)
        co_return noted(forgotten.error());
    log_info("login_blocked", {{"user_id", id.value}});
    co_return account_blocked();
}

// Of an account that was taken over with an older kind of hash. Only after the login is complete: a
// second hash takes time, and would tell whoever is not let in that the password was right. When
// nobody has the time for it the next login does it.
awaitable<> store_anew(deps& use, id_of<user> id, std::string stored, std::string password)
{
    result<std::string> const made = co_await use.passwords.hash(std::move(password));
    if (!made)
        co_return;
    new_hash const renewed{.before = std::move(stored), .after = *made};
    result<> const kept = co_await use.db.write(renew_hash, id, renewed);
    if (!kept)
        log_warning("password_not_stored_anew", {{"user_id", id.value}});
}

}  // namespace

result<login_entry> account_to_enter(snapshot& in, std::string email_key, login_lanes lanes,
                                     timestamp now)
{
    login_entry entry{.found = users::credentials_by_email(in, email_key), .counter = {}};
    id_of<user> const id = entry.found ? entry.found->of.id : id_of<user>{};
    bool const is_own = login_places::is_own(in, id, lanes.place, now);
    entry.counter = is_own ? std::move(lanes.own) : std::move(lanes.common);
    result<> const let_in = password_failures::may_try(in, entry.counter, now);
    if (!let_in)
        return let_in.error();
    return entry;
}

result<> complete_login(transaction& tx, id_of<user> id, std::string counter, std::string place,
                        timestamp now)
{
    result<> const let_in = password_failures::succeed(tx, counter, now);
    if (!let_in)
        return let_in;
    if (!users::note_login(tx, id, now))
        return invalid_credentials();
    login_places::note(tx, id, place, now);
    return result<>{};
}

result<> renew_hash(transaction& tx, id_of<user> id, new_hash renewed)
{
    users::rehash(tx, id, renewed.before, renewed.after);
    return result<>{};
}

awaitable<result<std::string>> log_in(deps& use, std::string email_key, std::string password,
                                      std::string network)
{
    login_lanes const lanes{.place = use.key.place(network),
                            .common = use.key.login_counter(email_key),
                            .own = use.key.login_counter(email_key, network)};
    result<login_entry> const entry =
        co_await use.db.read(account_to_enter, email_key, lanes, use.clock.now());
    if (!entry)
        co_return noted(entry.error());

    std::optional<users::credentials> const& found = entry->found;
    bool const has_password = found && found->password_hash;
    std::string const stored = has_password ? *found->password_hash : use.passwords.dummy_hash();
    result<password_check> const checked = co_await use.passwords.verify(password, stored);
    if (!checked)
        co_return checked.error();
    if (!checked->matches || !has_password)
    {
        error const why = co_await refused(use, entry->counter, found);
        co_return why;
    }
    user const& account = found->of;
    if (account.status == account_status::blocked)
    {
        error const why = co_await refused_as_blocked(use, entry->counter, account.id);
        co_return why;
    }

    timestamp const now = use.clock.now();
    result<> const done =
        co_await use.db.write(complete_login, account.id, entry->counter, lanes.place, now);
    if (!done)
        co_return noted(done.error());
    log_info("login_succeeded", {{"user_id", account.id.value}});
    if (checked->needs_rehash)
        co_await store_anew(use, account.id, stored, std::move(password));
    // Not before the account was made, however the clocks of two machines differ: such a token is
    // refused everywhere.
    actor const who{.user_id = account.id, .role = account.role};
    co_return use.tokens.sign(
        new_token_claims(who, account.pwdv, std::max(now, account.created_at)));
}

}  // namespace mc::user_service::actions
