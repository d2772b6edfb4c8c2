#pragma once

#include <string>
#include <string_view>

// Looks into an answer's JSON without knowing its type. std::runtime_error, with the text, when it
// is no object or the member is not there.
namespace mc::testing
{

std::string raw_member(std::string_view object, std::string_view name);  // "7", "\"paid\"", "[…]"
std::string text_member(std::string_view object,
                        std::string_view name);     // Empty when there is none.
std::string member_names(std::string_view object);  // "id,userId,status"

}  // namespace mc::testing
