#pragma once

#include <string_view>

namespace mc
{

// common_passwords.txt, built into the program: lower case, sorted by bytes, one a line.
extern std::string_view const common_password_lines;

}  // namespace mc
