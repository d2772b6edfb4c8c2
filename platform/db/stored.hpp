#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/db/engines/engine.hpp"

// The forms of C++'s own types in columns; see columns.hpp, which has the rest.
namespace mc
{

template <class T>
struct stored;

namespace db_detail
{

[[noreturn]] void refuse_column(engine::prepared const& row, int at, std::string_view expected);
[[noreturn]] void refuse_argument(std::string_view why);
std::int64_t read_integer(engine::prepared const& row, int at);
std::string_view read_text(engine::prepared const& row, int at);  // Good until the next step.

}  // namespace db_detail

template <class T>
requires std::integral<T> && (!std::same_as<T, bool>)
struct stored<T>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, T number)
    {
        if (!std::in_range<std::int64_t>(number))
            db_detail::refuse_argument("an unsigned number above 9223372036854775807");
        *to = engine::cell::of(static_cast<std::int64_t>(number));
    }
    static T read(engine::prepared const& row, int at)
    {
        std::int64_t const number = db_detail::read_integer(row, at);
        if (!std::in_range<T>(number))
            db_detail::refuse_column(row, at, "an integer within the member's range");
        return static_cast<T>(number);
    }
};

template <>
struct stored<bool>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, bool flag) { *to = engine::cell::of(flag ? 1 : 0); }
    static bool read(engine::prepared const& row, int at)
    {
        std::int64_t const number = db_detail::read_integer(row, at);
        if (number != 0 && number != 1)
            db_detail::refuse_column(row, at, "0 or 1");
        return number == 1;
    }
};

template <>
struct stored<std::string>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, std::string const& text)
    {
        *to = engine::cell::of_text(text);
    }
    static std::string read(engine::prepared const& row, int at)
    {
        return std::string(db_detail::read_text(row, at));
    }
};

// Arguments only: a row's text does not outlive the step.
template <>
struct stored<std::string_view>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, std::string_view text)
    {
        *to = engine::cell::of_text(text);
    }
};

template <>
struct stored<std::nullopt_t>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, std::nullopt_t) { *to = {}; }
};

template <>
struct stored<blob>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, blob const& raw) { *to = engine::cell::of_blob(raw.bytes); }
    static blob read(engine::prepared const& row, int at);
};

}  // namespace mc
