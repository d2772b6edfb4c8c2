#include "services/user/domain/letters.hpp"

#include <fmt/format.h>

namespace mc::user_service
{

letter reset_code_letter(std::string_view name, std::string_view code,
                         std::chrono::minutes lifetime)
{
    return {.subject = "Your password reset OTP",
            .text = fmt::format("Hello {}, your OTP is {}. It expires in {} minute{}.", name, code,
                                lifetime.count(), lifetime.count() == 1 ? "" : "s")};
}

letter password_changed_letter(std::string_view name)
{
    return {.subject = "Your password was changed",
            .text =
                fmt::format("Hello {}, the password of your account was changed and all its "
                            "sessions were ended. If that was not you, ask for a password reset "
                            "at once.",
                            name)};
}

letter email_changed_letter(std::string_view name)
{
    return {.subject = "Your e-mail address was changed",
            .text =
                fmt::format("Hello {}, the e-mail address of your account was changed: it is no "
                            "longer this one. If that was not you, contact the shop.",
                            name)};
}

}  // namespace mc::user_service
