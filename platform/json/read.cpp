#include "platform/json/read.hpp"

#include <fmt/format.h>

#include "platform/json/steps.hpp"

namespace mc::json::detail
{

// Says which of text<>'s rules is broken; a stricter `from` of a derived type has none of these.
void refuse_text(reader& from, std::string_view raw, std::size_t min_length, std::size_t max_length)
{
    std::string_view const body = trimmed(raw);
    std::size_t const length = code_points(body);
    if (length < min_length && min_length == 1)
        from.refuse("min_length", "must not be blank");
    else if (length < min_length)
        from.refuse("min_length",
                    fmt::format("must have at least {}", counted(min_length, "character")));
    else if (length > max_length)
        from.refuse("max_length",
                    fmt::format("must have at most {}", counted(max_length, "character")));
    else if (has_control_characters(body, lines::one))
        from.refuse("characters", "must not contain control characters");
    else
        from.refuse("format", "is not valid");
}

void refuse_enum(reader& from, std::string_view (*name)(std::size_t index), std::size_t count)
{
    std::string must = "must be one of: ";
    for (std::size_t i = 0; i < count; ++i)
        must.append(i == 0 ? "" : ", ").append(name(i));
    from.refuse("enum", must);
}

void read_string(reader& from, std::string& into)
{
    if (std::optional<std::string_view> const text = from.string())
        into = *text;
}

void read_timestamp(reader& from, timestamp& into)
{
    std::optional<std::string_view> const text = from.string();
    if (!text)
        return;
    if (std::optional<timestamp> const at = parse_iso(*text))
        into = *at;
    else
        from.refuse("format", "must be a time like 2026-02-15T12:00:00.000Z");
}

void read_currency(reader& from, currency& into)
{
    std::optional<std::string_view> const code = from.string();
    if (!code)
        return;
    if (std::optional<currency> const known = currency::from(*code))
        into = *known;
    else
        from.refuse("currency", "must be an ISO 4217 currency code");
}

void read_decimal(reader& from, decimal& into)
{
    if (std::optional<std::string> digits = from.decimal_digits())
        into.digits = std::move(*digits);
}

void read_flag(reader& from, flag01& into)
{
    if (from.what() == kind::integer)
        into = from.integer(0, 1).value_or(0) == 1;
    else
        into = from.boolean().value_or(false);
}

void read_raw(reader& from, raw& into)
{
    if (std::optional<std::string> json = from.encoded())
        into.text = std::move(*json);
}

result<> parse_query(query_fields given, read_options const& how, std::span<field const> fields,
                     void* into)
{
    reader from(how, node{nullptr, nullptr});
    from.fields(fields, into, given);
    return std::move(from).outcome();
}

}  // namespace mc::json::detail
