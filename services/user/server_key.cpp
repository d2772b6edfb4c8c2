#include "services/user/server_key.hpp"

#include <fmt/format.h>

#include "platform/core/encoding.hpp"

namespace mc::user_service
{

// Each use begins with a word of its own, so that no hash can stand for another use's.
std::string server_key::login_counter(std::string_view email_key) const
{
    return mac_of(fmt::format("login\n{}", email_key));
}

std::string server_key::login_counter(std::string_view email_key, std::string_view network) const
{
    return mac_of(fmt::format("login from\n{}\n{}", email_key, network));
}

std::string server_key::place(std::string_view network) const
{
    return mac_of(fmt::format("place\n{}", network));
}

std::string server_key::old_password_counter(id_of<user> of) const
{
    return mac_of(fmt::format("old password\n{}", of.value));
}

std::string server_key::code_mac(std::string_view email_key, std::string_view code) const
{
    return mac_of(fmt::format("reset code\n{}\n{}", email_key, code));
}

std::string server_key::mac_of(std::string_view text) const
{
    hmac_tag const tag = key_.sign(text);
    return hex({tag.data(), tag.size()});
}

}  // namespace mc::user_service
