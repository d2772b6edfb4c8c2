#pragma once

#include <string>
#include <string_view>

// Texts that look like another one and are none (Unicode Technical Standard 39).
namespace mc
{

// Any code point that is shown as nothing at all: soft hyphens, zero-width blanks and joiners,
// marks of direction and the like (Default_Ignorable_Code_Point, Unicode Standard §5.21).
bool has_invisible_characters(std::string_view utf8) noexcept;

// Nothing but such and white space. Malformed bytes can be seen: nothing may be decided about them.
bool is_nothing_to_see(std::string_view utf8) noexcept;

// NFKC: full-width and other forms of a letter made the letter itself. Malformed text comes back as
// it is.
std::string compatible_form(std::string_view utf8);

}  // namespace mc
