#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/mp11/algorithm.hpp>

#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/text.hpp"
#include "platform/core/time.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/stored.hpp"
#include "platform/json/describe.hpp"

// How C++ values stand in columns, both as arguments of a statement and as members of a row:
//
//     INTEGER      integers, id_of, bounded and types derived from it, bool (0 or 1),
//                  timestamp (epoch milliseconds)
//     TEXT         std::string, text and types derived from it, currency, described enums (names)
//     BLOB         blob
//     NULL or T    std::optional<T>
//     two columns  money: minor units, currency
//     its members  a described struct, in their order
//
// A column that does not hold such a value (NULL for a T, a number out of range, an unknown
// enumerator) is a bug or a damaged row: std::logic_error, naming statement and column. A service
// gives a type of its own a form by specialising stored<T>.
namespace mc
{

namespace db_detail
{

template <std::int64_t Min, std::int64_t Max>
std::true_type derives_from_bounded(bounded<Min, Max> const&);
std::false_type derives_from_bounded(...);
template <std::size_t Min, std::size_t Max>
std::true_type derives_from_text(text<Min, Max> const&);
std::false_type derives_from_text(...);

template <std::int64_t Min, std::int64_t Max>
bounded<Min, Max>& bounded_base(bounded<Min, Max>& of)
{
    return of;
}
template <std::size_t Min, std::size_t Max>
text<Min, Max>& text_base(text<Min, Max>& of)
{
    return of;
}

}  // namespace db_detail

template <class T>
concept bounded_like = decltype(db_detail::derives_from_bounded(std::declval<T const&>()))::value;
template <class T>
concept text_like = decltype(db_detail::derives_from_text(std::declval<T const&>()))::value;

template <class Entity>
struct stored<id_of<Entity>>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, id_of<Entity> id) { *to = engine::cell::of(id.value); }
    static id_of<Entity> read(engine::prepared const& row, int at)
    {
        return id_of<Entity>{db_detail::read_integer(row, at)};
    }
};

template <bounded_like T>
struct stored<T>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, T const& number) { *to = engine::cell::of(number.value()); }
    static T read(engine::prepared const& row, int at)
    {
        auto const number = T::from(db_detail::read_integer(row, at));
        if (!number)
            db_detail::refuse_column(row, at, "an integer within the member's bounds");
        T made;
        db_detail::bounded_base(made) = *number;
        return made;
    }
};

template <text_like T>
struct stored<T>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, T const& text)
    {
        *to = engine::cell::of_text(text.value());
    }
    static T read(engine::prepared const& row, int at)
    {
        auto const read = T::from(db_detail::read_text(row, at));
        if (!read)
            db_detail::refuse_column(row, at, "text that the member's type accepts");
        T made;
        db_detail::text_base(made) = *read;
        return made;
    }
};

template <described_enum T>
struct stored<T>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, T value) { *to = engine::cell::of_text(enum_name(value)); }
    static T read(engine::prepared const& row, int at)
    {
        std::optional<T> const value = enum_from<T>(db_detail::read_text(row, at));
        if (!value)
            db_detail::refuse_column(row, at, "a name of the member's enum");
        return *value;
    }
};

template <>
struct stored<timestamp>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, timestamp at) { *to = engine::cell::of(epoch_ms(at)); }
    static timestamp read(engine::prepared const& row, int at)
    {
        return from_epoch_ms(db_detail::read_integer(row, at));
    }
};

template <>
struct stored<currency>
{
    static constexpr int columns = 1;
    static void write(engine::cell* to, currency const& of)
    {
        *to = engine::cell::of_text(of.code());
    }
    static currency read(engine::prepared const& row, int at);
};

template <>
struct stored<money>
{
    static constexpr int columns = 2;
    static void write(engine::cell* to, money const& amount)
    {
        to[0] = engine::cell::of(amount.minor());
        to[1] = engine::cell::of_text(amount.in().code());
    }
    static money read(engine::prepared const& row, int at)
    {
        return {db_detail::read_integer(row, at), stored<currency>::read(row, at + 1)};
    }
};

// NULL in the first column means nothing.
template <class T>
struct stored<std::optional<T>>
{
    static constexpr int columns = stored<T>::columns;
    static void write(engine::cell* to, std::optional<T> const& maybe)
    {
        if (maybe)
            return stored<T>::write(to, *maybe);
        for (int at = 0; at < columns; ++at)
            to[at] = {};
    }
    static std::optional<T> read(engine::prepared const& row, int at)
    {
        if (row.column(at).kind == engine::cell::type::null)
            return std::nullopt;
        return stored<T>::read(row, at);
    }
};

// Several values, one after the other: for `IN (?, ?, ?)` and for the branches of a CASE.
template <class T, std::size_t N>
struct stored<std::array<T, N>>
{
    static constexpr int columns = static_cast<int>(N) * stored<T>::columns;
    static void write(engine::cell* to, std::array<T, N> const& values)
    {
        for (T const& each : values)
        {
            stored<T>::write(to, each);
            to += stored<T>::columns;
        }
    }
    static std::array<T, N> read(engine::prepared const& row, int at)
    {
        std::array<T, N> made{};
        for (T& each : made)
        {
            each = stored<T>::read(row, at);
            at += stored<T>::columns;
        }
        return made;
    }
};

// Members by position, in the order they are described; a struct inside a struct is its members.
template <described_struct T>
struct stored<T>
{
    using members = members_of<T>;
    template <class Member>
    using member_type = std::remove_cvref_t<decltype(std::declval<T&>().*Member::pointer)>;

    template <template <class...> class List, class... Member>
    static consteval int count(List<Member...>)
    {
        return (0 + ... + stored<member_type<Member>>::columns);
    }

    static constexpr int columns = count(members{});

    static void write(engine::cell* to, T const& row)
    {
        boost::mp11::mp_for_each<members>(
            [&]<class Member>(Member)
            {
                stored<member_type<Member>>::write(to, row.*Member::pointer);
                to += stored<member_type<Member>>::columns;
            });
    }
    static T read(engine::prepared const& row, int at)
    {
        T made{};
        boost::mp11::mp_for_each<members>(
            [&]<class Member>(Member)
            {
                made.*Member::pointer = stored<member_type<Member>>::read(row, at);
                at += stored<member_type<Member>>::columns;
            });
        return made;
    }
};

// The form of an argument as it is passed: literals and character arrays are text.
template <class T>
using argument_form = std::conditional_t<std::is_convertible_v<T const&, std::string_view> &&
                                             !std::same_as<T, std::string>,
                                         std::string_view, T>;

}  // namespace mc
