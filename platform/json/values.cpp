#include <limits>

#include "platform/core/id.hpp"
#include "platform/core/text.hpp"
#include "platform/json/steps.hpp"

// Single values: what each type accepts.
namespace mc::json
{

namespace
{

// A document is never at address 0, so this tells the two uses of a node apart.
std::string const* query_text(node at) noexcept
{
    return at.words[0] == nullptr ? static_cast<std::string const*>(at.words[1]) : nullptr;
}

std::optional<whole> whole_at(node at, integers accepted) noexcept
{
    if (std::string const* const text = query_text(at))
    {
        std::string_view const digits =
            text->starts_with('-') ? std::string_view(*text).substr(1) : *text;
        return is_digits(digits) ? std::optional(whole_of(std::string_view(*text))) : std::nullopt;
    }
    kind const here = kind_of(at);
    if (here == kind::integer)
        return integer_of(at);
    if (here == kind::string && accepted == integers::digits_too && is_digits(text_of(at)))
        return whole_of(text_of(at));
    return std::nullopt;
}

}  // namespace

kind reader::what() const noexcept
{
    return query_text(at_) != nullptr ? kind::text : kind_of(at_);
}

std::optional<bool> reader::boolean()
{
    if (std::string const* const text = query_text(at_))
    {
        if (*text == "true" || *text == "false")
            return *text == "true";
    }
    else if (what() == kind::boolean)
        return boolean_of(at_);
    refuse("type", "must be true or false");
    return std::nullopt;
}

std::optional<std::int64_t> reader::integer(std::int64_t min, std::int64_t max)
{
    std::optional<whole> const number = whole_at(at_, how_.ints);
    if (!number)
        refuse("type", "must be an integer");
    else if (*number < min)
        refuse_below(min);
    else if (*number > max)
        refuse_above(static_cast<std::uint64_t>(max));
    else
        return static_cast<std::int64_t>(*number);
    return std::nullopt;
}

std::optional<std::uint64_t> reader::unsigned_integer(std::uint64_t max)
{
    std::optional<whole> const number = whole_at(at_, how_.ints);
    if (!number)
        refuse("type", "must be an integer");
    else if (*number < 0)
        refuse_below(0);
    else if (*number > max)
        refuse_above(max);
    else
        return static_cast<std::uint64_t>(*number);
    return std::nullopt;
}

std::optional<std::int64_t> reader::id()
{
    std::optional<std::int64_t> found;
    if (std::string const* const text = query_text(at_))
        found = parse_id(*text);
    else if (std::optional<whole> const number = whole_at(at_, how_.ints))
        if (*number >= 1 && *number <= std::numeric_limits<std::int64_t>::max())
            found = static_cast<std::int64_t>(*number);
    if (!found)
        refuse("id", "must be a positive integer");
    return found;
}

std::optional<std::string_view> reader::string()
{
    std::string_view bytes;
    if (std::string const* const text = query_text(at_))
    {
        bytes = *text;
        if (!is_valid_utf8(bytes))
        {
            refuse("characters", "must be valid UTF-8");
            return std::nullopt;
        }
    }
    else if (what() == kind::string)
        bytes = text_of(at_);
    else
    {
        refuse("type", "must be text");
        return std::nullopt;
    }
    if (bytes.find('\0') != std::string_view::npos)
    {
        refuse("characters", "must not contain U+0000");
        return std::nullopt;
    }
    return bytes;
}

std::optional<std::string> reader::decimal_digits()
{
    std::optional<std::string> digits;
    if (std::string const* const text = query_text(at_))
        digits = *text;
    else if (what() == kind::string)
        digits = std::string(text_of(at_));
    else if (what() == kind::integer)
        digits = json_of(at_);
    else if (what() == kind::number)
        digits = plain_digits(number_of(at_));

    if (digits && is_plain_decimal(*digits))
        return digits;
    refuse("type", "must be a plain decimal number");
    return std::nullopt;
}

std::optional<std::string> reader::encoded()
{
    if (query_text(at_) != nullptr)
    {
        refuse("type", "must be JSON");
        return std::nullopt;
    }
    find_duplicates(at_);
    return json_of(at_);
}

}  // namespace mc::json
