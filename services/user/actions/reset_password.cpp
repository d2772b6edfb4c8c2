#include "services/user/actions/reset_password.hpp"

#include "platform/auth/actor.hpp"
#include "services/user/actions/save_account.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/login_places.hpp"
#include "services/user/store/password_failures.hpp"
#include "services/user/store/password_resets.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

result<> answer_to(code_verdict verdict)
{
    switch (verdict)
    {
    case code_verdict::right:   return result<>{};
    case code_verdict::wrong:   return code_wrong();
    case code_verdict::used:    return code_used();
    case code_verdict::expired: return code_lapsed();
    }
    return code_wrong();
}

}  // namespace

result<judged_code> judge_code(transaction& tx, std::string email_key, std::string guess_mac,
                               std::string place, timestamp now)
{
    std::optional<user> const found = users::find_by_email(tx, email_key);
    id_of<user> const id = found ? found->id : id_of<user>{};
    std::optional<reset_code> const newest = password_resets::newest(tx, id);
    lane const from = login_places::is_own(tx, id, place, now) ? lane::own : lane::common;
    bool const may_look = newest && found->status == account_status::active &&
                          password_resets::count_guess(tx, newest->id, from);
    if (!may_look)
    {
        password_resets::write_decoy(tx, guess_mac, now);
        return judged_code{};
    }
    return judged_code{.verdict = judged(*newest, guess_mac, now), .reset_id = newest->id};
}

result<user> use_code(transaction& tx, code_use what, timestamp now)
{
    std::optional<reset_code> const code = password_resets::find(tx, what.reset_id);
    std::optional<user> const found = code ? users::find(tx, code->user_id) : std::nullopt;
    if (!found || found->status == account_status::blocked)
        return code_wrong();
    if (!password_resets::use(tx, code->id, now))
        return code_used();

    account_change const changed = ending_sessions(edited(*found, {}, now), revoke_reason::password,
                                                   new_pwdv(found->session_epoch + 1), now);
    result<user> saved = save_account(tx, changed, what.password_hash);
    if (!saved)
        return saved;
    for (std::string const& counter : {what.common_counter, what.own_counter})
        if (result<> const forgotten = password_failures::forget(tx, counter); !forgotten)
            return forgotten.error();
    login_places::note(tx, saved->id, what.place, now);
    return saved;
}

awaitable<result<user>> reset_password(deps& use, code_guess guess, std::string new_password)
{
    std::string const place = use.key.place(guess.network);
    std::string const mac = use.key.code_mac(guess.email_key, guess.code);
    result<judged_code> const judged =
        co_await use.db.write(judge_code, guess.email_key, mac, place, use.clock.now());
    if (!judged)
        co_return judged.error();
    result<> const answer = answer_to(judged->verdict);
    if (!answer)
        co_return answer.error();

    result<std::string> const hash = co_await use.passwords.hash(std::move(new_password));
    if (!hash)
        co_return hash.error();
    code_use const what{.reset_id = judged->reset_id,
                        .password_hash = *hash,
                        .place = place,
                        .common_counter = use.key.login_counter(guess.email_key),
                        .own_counter = use.key.login_counter(guess.email_key, guess.network)};
    result<user> saved = co_await use.db.write(use_code, what, use.clock.now());
    co_return saved;
}

}  // namespace mc::user_service::actions
