#pragma once

#include <string>
#include <string_view>

#include "contracts/ids.hpp"
#include "platform/auth/hmac.hpp"
#include "platform/core/id.hpp"

namespace mc::user_service
{

// Keyed hashes (HMAC-SHA256) of things that must not stand in the database as they are, because
// there are too few of them to hide behind a bare hash: reset codes, and the addresses people type.
// The key is this service's own, kept in its database so that every copy of the service has the
// same. Whoever can read the database can read it, too; what it protects is everything that shows
// only a part: a report, a log of statements, one leaked table.
class server_key
{
public:
    explicit server_key(secret key) : key_(std::move(key)) {}

    // Which counter of failed attempts a login counts on, from anywhere or from an own place of the
    // account (login_places); an old password on.
    std::string login_counter(std::string_view email_key) const;
    std::string login_counter(std::string_view email_key, std::string_view network) const;
    std::string old_password_counter(id_of<user> of) const;

    // Of a network that somebody signs in from.
    std::string place(std::string_view network) const;

    // Of a code for the account with this address: worth nothing for any other.
    std::string code_mac(std::string_view email_key, std::string_view code) const;

private:
    std::string mac_of(std::string_view text) const;

    hmac_key key_;
};

}  // namespace mc::user_service
