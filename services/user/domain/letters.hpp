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

// In the wire contract's words.
letter reset_code_letter(std::string_view name, std::string_view code,
                         std::chrono::minutes lifetime);

letter password_changed_letter(std::string_view name);
// Goes to the address that was given up; it does not say which one took its place.
letter email_changed_letter(std::string_view name);

}  // namespace mc::user_service
