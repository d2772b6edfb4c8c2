#include "platform/core/look_alikes.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#include <utf8proc.h>

namespace mc
{
namespace
{

utf8proc_uint8_t const* bytes_of(std::string_view utf8) noexcept
{
    return reinterpret_cast<utf8proc_uint8_t const*>(utf8.data());
}

// The code point at the start, which is taken off; nothing when it is malformed, or none is left.
bool take(std::string_view& utf8, utf8proc_int32_t& point) noexcept
{
    if (utf8.empty())
        return false;
    utf8proc_ssize_t const length =
        utf8proc_iterate(bytes_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &point);
    if (length <= 0)
        return false;
    utf8.remove_prefix(static_cast<std::size_t>(length));
    return true;
}

bool is_ignorable(utf8proc_int32_t point) noexcept
{
    return point >= 0x80 && utf8proc_get_property(point)->ignorable != 0;
}

bool is_blank(utf8proc_int32_t point) noexcept
{
    if (point < 0x80)
        return point == ' ' || (point >= '\t' && point <= '\r');
    utf8proc_category_t const category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

}  // namespace

bool has_invisible_characters(std::string_view utf8) noexcept
{
    utf8proc_int32_t point = 0;
    while (take(utf8, point))
        if (is_ignorable(point))
            return true;
    return false;
}

bool is_nothing_to_see(std::string_view utf8) noexcept
{
    utf8proc_int32_t point = 0;
    while (take(utf8, point))
        if (!is_ignorable(point) && !is_blank(point))
            return false;
    return utf8.empty();
}

std::string compatible_form(std::string_view utf8)
{
    utf8proc_uint8_t* made = nullptr;
    utf8proc_ssize_t const length = utf8proc_map(
        bytes_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &made,
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owner{made, &std::free};
    if (length == UTF8PROC_ERROR_NOMEM)
        throw std::bad_alloc();
    if (length < 0)
        return std::string(utf8);
    return {reinterpret_cast<char const*>(made), static_cast<std::size_t>(length)};
}

}  // namespace mc
