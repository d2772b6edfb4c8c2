#include "platform/db/columns.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace mc
{

namespace
{

std::string_view kind_of(engine::cell const& value) noexcept
{
    using enum engine::cell::type;
    switch (value.kind)
    {
    case null:    return "NULL";
    case integer: return "an integer";
    case text:    return "text";
    case blob:    return "a blob";
    case real:    return "a floating-point number";
    }
    return "nothing";
}

}  // namespace

namespace db_detail
{

// Says the kind and never the value, which may be somebody's secret.
void refuse_column(engine::prepared const& row, int at, std::string_view expected)
{
    throw std::logic_error(fmt::format("statement {}, column {}: expected {}, found {}", row.name(),
                                       at + 1, expected, kind_of(row.column(at))));
}

void refuse_argument(std::string_view why)
{
    throw std::logic_error(fmt::format("a value cannot be stored: {}", why));
}

std::int64_t read_integer(engine::prepared const& row, int at)
{
    engine::cell const value = row.column(at);
    if (value.kind != engine::cell::type::integer)
        refuse_column(row, at, "an integer");
    return value.integer;
}

std::string_view read_text(engine::prepared const& row, int at)
{
    engine::cell const value = row.column(at);
    if (value.kind != engine::cell::type::text)
        refuse_column(row, at, "text");
    return value.bytes;
}

}  // namespace db_detail

blob stored<blob>::read(engine::prepared const& row, int at)
{
    engine::cell const value = row.column(at);
    if (value.kind != engine::cell::type::blob)
        db_detail::refuse_column(row, at, "a blob");
    return {std::string(value.bytes)};
}

currency stored<currency>::read(engine::prepared const& row, int at)
{
    std::optional<currency> const known = currency::from(db_detail::read_text(row, at));
    if (!known)
        db_detail::refuse_column(row, at, "the code of a currency");
    return *known;
}

}  // namespace mc
