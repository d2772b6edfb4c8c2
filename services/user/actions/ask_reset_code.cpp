#include "services/user/actions/ask_reset_code.hpp"

#include "platform/auth/actor.hpp"
#include "platform/core/random.hpp"
#include "platform/mail/mails.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/domain/letters.hpp"
#include "services/user/domain/reset_code.hpp"
#include "services/user/store/login_places.hpp"
#include "services/user/store/password_resets.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

bool may_get_mail(std::optional<user> const& found)
{
    return found && found->status == account_status::active && email_address::from(found->email);
}

}  // namespace

result<> mail_reset_code(transaction& tx, std::string email_key, fresh_code code, std::string place,
                         timestamp now)
{
    std::optional<user> const found = users::find_by_email(tx, email_key);
    id_of<user> const id = found ? found->id : id_of<user>{};
    bool const is_own = login_places::is_own(tx, id, place, now);
    std::string const asked_from = is_own ? std::move(place) : std::string();
    std::int64_t const recent =
        password_resets::count_since(tx, id, asked_from, now - code_requests_within);
    letter const mailed = reset_code_letter(found ? std::string_view(found->name) : "Somebody",
                                            code.digits, code.lifetime);
    if (!may_get_mail(found) || recent >= code_requests_max)
    {
        password_resets::write_decoy(tx, code.mac, now);
        password_resets::write_decoy(tx, std::string(mailed.text.size(), '-'), now);
        return result<>{};
    }
    password_resets::add(tx, {.user_id = id,
                              .code_mac = code.mac,
                              .created_at = now,
                              .expires_at = now + code.lifetime,
                              .used_at = {},
                              .asked_from = asked_from});
    mails::add(tx, {.to = found->email, .subject = mailed.subject, .text = mailed.text});
    return result<>{};
}

awaitable<result<>> ask_reset_code(deps& use, std::string email_key, std::string network)
{
    std::string const digits = std::to_string(code_least + random_below(code_count));
    fresh_code const code{.digits = digits,
                          .mac = use.key.code_mac(email_key, digits),
                          .lifetime = use.code_lifetime};
    result<> const asked = co_await use.db.write(mail_reset_code, std::move(email_key), code,
                                                 use.key.place(network), use.clock.now());
    co_return asked;
}

}  // namespace mc::user_service::actions
