#include "services/user/actions/create_admin.hpp"

#include <fmt/format.h>

#include "services/user/actions/save_account.hpp"
#include "services/user/actions/sign_up.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

constexpr std::size_t argument_count = 3;

result<user> promote(transaction& tx, id_of<user> id, timestamp now)
{
    std::optional<user> const found = users::find(tx, id);
    if (!found)
        return user_not_found();
    account_edit const wanted{
        .name = {}, .email = {}, .role = role::admin, .status = account_status::active};
    return save_account(tx, edited(*found, wanted, now), std::nullopt);
}

result<std::string> promoted(deps& use, users::credentials const& known,
                             std::string const& password)
{
    user const& account = known.of;
    if (!known.password_hash || !use.passwords.verify_now(password, *known.password_hash).matches)
        return email_of_another_account(account.email);
    result<user> const changed = use.db.write_now(promote, account.id, use.clock.now());
    if (!changed)
        return changed.error();
    bool const was_admin = changed->version == account.version;
    return fmt::format("{} (user {}) {} an admin\n", changed->email, changed->id.value,
                       was_admin ? "already was" : "is now");
}

}  // namespace

result<std::string> create_admin(deps& use, std::span<std::string const> arguments)
{
    if (arguments.size() != argument_count)
        return command_unusable("needs an e-mail address, a password and a name");
    std::string const& password = arguments[1];
    std::optional<email_address> const email = email_address::from(arguments[0]);
    std::optional<person_name> const name = person_name::from(arguments[2]);
    if (!email)
        return command_unusable(email_malformed);
    if (!name)
        return command_unusable("The name must have 1 to 150 characters and no line breaks");
    if (std::optional<violation> const broken = password_violation(password))
        return command_unusable(broken->message);

    std::optional<users::credentials> const known =
        use.db.read_now(users::credentials_by_email, email->key());
    if (known)
        return promoted(use, *known, password);
    new_account const wanted{.name = name->value(), .email = *email, .role = role::admin};
    result<user> const made =
        use.db.write_now(add_account, wanted, use.passwords.hash_now(password), use.clock.now());
    if (!made)
        return made.error();
    return fmt::format("{} (user {}) is an admin\n", made->email, made->id.value);
}

}  // namespace mc::user_service::actions
