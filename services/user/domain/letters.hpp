#pragma once

#include <chrono>
#include <string>
#include <string_view>

// What this service writes to people.
namespace mc::user_service
{

struct letter
{
    std::string subject;
    std::string text;
};

// Anybody may sign up with anybody's address and any name, and have us write to it. So a letter
// shows a name only as far as it is harmless: one that a reader might take for a link, or that
// would change how the text reads, becomes "customer", and no more than name_shown_max of it is
// shown.
inline constexpr std::size_t name_shown_max = 40;  // Code points.
std::string harmless(std::string_view name);

// In the wire contract's words.
letter reset_code_letter(std::string_view name, std::string_view code,
                         std::chrono::minutes lifetime);

letter password_changed_letter(std::string_view name);
// Goes to the address that was given up; it does not say which one took its place.
letter email_changed_letter(std::string_view name);

}  // namespace mc::user_service
