#include "services/user/http/routes.hpp"

#include "platform/auth/refusals.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/http/address_handlers.hpp"
#include "services/user/http/examples.hpp"
#include "services/user/http/handlers.hpp"

namespace mc::user_service
{
namespace
{

// Nobody has a number that is none.
error nobody(actor const*) { return user_not_found(); }

// The same, but whoever may not touch others' accounts is told no more than that.
error nobody_of_yours(actor const* who)
{
    return who != nullptr && who->is_admin() ? user_not_found() : not_your_account();
}

}  // namespace

using http::access;
using http::bind;

void add_routes(http::router& to, deps& use)
{
    to.post("/auth/signup", access::open, bind<sign_up>(use), "Make an account of my own")
        .refuses({email_exists(), passwords_busy()});
    to.post("/auth/login", access::open, bind<log_in>(use), "Get a token for a password")
        .refuses({invalid_credentials(), account_blocked(), too_many_failures(seconds{60}),
                  passwords_busy()});
    to.get("/auth/session", access::user, bind<get_session>(use), "Who am I?");
    to.post("/auth/logout", access::user, bind<log_out>(use), "End all sessions of my account")
        .own();
    to.post("/auth/forgot-password", access::open, bind<forgot_password>(use),
            "Have a reset code mailed");
    to.post("/auth/reset-password/otp", access::open, bind<reset_password_by_code>(use),
            "Set a new password with a reset code")
        .refuses({code_wrong(), code_used(), code_lapsed(), passwords_busy()});
    to.post("/auth/reset-password", access::user, bind<change_password>(use), "Replace my password")
        .refuses({old_password_incorrect(), password_not_different(), no_password_to_reset(),
                  too_many_failures(seconds{60}), changed_meanwhile(), passwords_busy()});
    to.get("/auth/users", access::admin, bind<list_users>(use), "All accounts, by number")
        .forbidden("Admins only");

    to.post("/users", access::admin, bind<create_user>(use), "Make an account of any role")
        .forbidden("Admins only")
        .refuses({email_exists(), passwords_busy()});
    to.get("/users/{id}", access::user, bind<get_user>(use), "One account")
        .bad_path(nobody)
        .refuses({user_not_found()});
    to.put("/users/{id}", access::owner, bind<update_user>(use), "Change an account")
        .bad_path(nobody_of_yours)
        .refuses({nothing_to_change(), old_password_incorrect(), user_not_found(), email_exists(),
                  last_admin(), changed_meanwhile(), too_many_failures(seconds{60}),
                  passwords_busy()});
    to.del("/users/{id}", access::owner, bind<delete_user>(use), "Delete an account")
        .bad_path(nobody_of_yours)
        .refuses({user_not_found(), last_admin(), changed_meanwhile()});

    to.get("/users/{id}/addresses", access::owner, bind<list_addresses>(use),
           "Addresses of an account, the default first")
        .refuses({user_not_found()})
        .example({}, examples::addresses)
        .own();
    to.post("/users/{id}/addresses", access::owner, bind<add_address>(use),
            "Add an address; the first one is the default")
        .refuses({user_not_found(), too_many_addresses()})
        .example(examples::address_to_add, examples::address)
        .own();
    to.get("/users/{id}/addresses/{addressId}", access::owner, bind<get_address>(use),
           "One address")
        .refuses({user_not_found(), address_not_found()})
        .example({}, examples::address)
        .own();
    to.put("/users/{id}/addresses/{addressId}", access::owner, bind<change_address>(use),
           "Replace an address")
        .refuses({user_not_found(), address_not_found(), changed_meanwhile()})
        .example(examples::address_to_add, examples::address)
        .own();
    to.del("/users/{id}/addresses/{addressId}", access::owner, bind<delete_address>(use),
           "Delete an address")
        .refuses({user_not_found(), address_not_found()})
        .own();
}

}  // namespace mc::user_service
