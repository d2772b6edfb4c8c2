#include "services/user/http/routes.hpp"

#include "services/user/domain/errors.hpp"
#include "services/user/http/address_handlers.hpp"
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
        .replies(409, "Email already exists");
    to.post("/auth/login", access::open, bind<log_in>(use), "Get a token for a password")
        .replies(401, "Invalid credentials")
        .replies(403, "Account is blocked")
        .replies(429, "Too many failed attempts, please try again later");
    to.get("/auth/session", access::user, bind<get_session>(use), "Who am I?");
    to.post("/auth/logout", access::user, bind<log_out>(use), "End all sessions of my account")
        .own();
    to.post("/auth/forgot-password", access::open, bind<forgot_password>(use),
            "Have a reset code mailed");
    to.post("/auth/reset-password/otp", access::open, bind<reset_password_by_code>(use),
            "Set a new password with a reset code")
        .replies(400, "Invalid or expired OTP");
    to.post("/auth/reset-password", access::user, bind<change_password>(use), "Replace my password")
        .replies(400, "Old password is incorrect");
    to.get("/auth/users", access::admin, bind<list_users>(use), "All accounts, by number")
        .forbidden("Admins only");

    to.post("/users", access::admin, bind<create_user>(use), "Make an account of any role")
        .forbidden("Admins only")
        .replies(409, "Email already exists");
    to.get("/users/{id}", access::user, bind<get_user>(use), "One account")
        .bad_path(nobody)
        .replies(404, "User not found");
    to.put("/users/{id}", access::owner, bind<update_user>(use), "Change an account")
        .bad_path(nobody_of_yours)
        .replies(404, "User not found")
        .replies(409, "Email already exists");
    to.del("/users/{id}", access::owner, bind<delete_user>(use), "Delete an account")
        .bad_path(nobody_of_yours)
        .replies(404, "User not found");

    to.get("/users/{id}/addresses", access::owner, bind<list_addresses>(use),
           "Addresses of an account, the default first")
        .replies(404, "User not found")
        .own();
    to.post("/users/{id}/addresses", access::owner, bind<add_address>(use),
            "Add an address; the first one is the default")
        .replies(404, "User not found")
        .replies(409, "An account can have at most 50 addresses")
        .own();
    to.get("/users/{id}/addresses/{addressId}", access::owner, bind<get_address>(use),
           "One address")
        .replies(404, "Address not found")
        .own();
    to.put("/users/{id}/addresses/{addressId}", access::owner, bind<change_address>(use),
           "Replace an address")
        .replies(404, "Address not found")
        .own();
    to.del("/users/{id}/addresses/{addressId}", access::owner, bind<delete_address>(use),
           "Delete an address")
        .replies(404, "Address not found")
        .own();
}

}  // namespace mc::user_service
