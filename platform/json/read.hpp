#pragma once

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/types.hpp"

// JSON text or query fields into described structs. A value that comes out holds: every type was
// checked.
namespace mc::json
{

// Reads the current value into `into`; on a violation `into` is left in some valid state and nobody
// gets it.
template <class T>
void read_value(reader& from, T& into);

namespace detail
{

void refuse_text(reader& from, std::string_view raw, std::size_t min_length,
                 std::size_t max_length);
void refuse_enum(reader& from, std::string_view (*name)(std::size_t index), std::size_t count);
void read_string(reader& from, std::string& into);
void read_timestamp(reader& from, timestamp& into);
void read_currency(reader& from, currency& into);
void read_decimal(reader& from, decimal& into);
void read_flag(reader& from, flag01& into);
void read_raw(reader& from, raw& into);

template <class T>
void read_as(reader& from, void* into)
{
    read_value(from, *static_cast<T*>(into));
}

template <class T, auto Pointer>
void read_member(reader& from, void* object)
{
    read_value(from, static_cast<T*>(object)->*Pointer);
}

template <class T>
constexpr bool is_required() noexcept
{
    if constexpr (requires { codec<T>::may_be_missing; })
        return !codec<T>::may_be_missing;
    else
        return !optional_like<T>;
}

template <class T, auto Pointer>
using member_type = std::remove_reference_t<decltype(std::declval<T&>().*Pointer)>;

template <class T, class... D>
consteval std::array<field, sizeof...(D)> fields_in(boost::mp11::mp_list<D...>*)
{
    return {field{
        key_of<D>.name(), &read_member<T, D::pointer>, message_of<member_type<T, D::pointer>>(),
        is_required<member_type<T, D::pointer>>(), lenient_like<member_type<T, D::pointer>>}...};
}

template <class T>
inline constexpr auto fields_of = fields_in<T>(static_cast<members_of<T>*>(nullptr));

// A text, or a type derived from one whose `from` may ask for more; either gives back itself or its
// base.
template <class T>
void read_text(reader& from, T& into)
{
    std::optional<std::string_view> const raw = from.string();
    if (!raw)
        return;
    auto made = T::from(*raw);
    if (!made)
        return refuse_text(from, *raw, T::min_length, T::max_length);
    if constexpr (std::is_same_v<typename decltype(made)::value_type, T>)
        into = std::move(*made);
    else
        static_cast<typename decltype(made)::value_type&>(into) = std::move(*made);
}

template <class T>
void read_bounded(reader& from, T& into)
{
    std::optional<std::int64_t> const number = from.integer(T::min, T::max);
    if (!number)
        return;
    auto made = T::from(*number);
    if (!made)
        return from.refuse("format", "is not valid");
    if constexpr (std::is_same_v<typename decltype(made)::value_type, T>)
        into = *made;
    else
        static_cast<typename decltype(made)::value_type&>(into) = *made;
}

template <class T>
void read_integer(reader& from, T& into)
{
    if constexpr (std::is_unsigned_v<T>)
    {
        if (std::optional<std::uint64_t> const number =
                from.unsigned_integer(std::numeric_limits<T>::max()))
            into = static_cast<T>(*number);
    }
    else if (std::optional<std::int64_t> const number =
                 from.integer(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()))
        into = static_cast<T>(*number);
}

template <class E>
void read_enum(reader& from, E& into)
{
    std::optional<std::string_view> const name = from.string();
    if (!name)
        return;
    if (std::optional<E> const value = enum_from<E>(*name))
        into = *value;
    else
        refuse_enum(
            from, [](std::size_t index) { return enumerators_of<E>[index].name; },
            enumerators_of<E>.size());
}

// A type derived from a vector may set `size_min` and `size_max`; the reader's array_max holds for
// the others.
template <class V>
void read_vector(reader& from, V& into)
{
    std::size_t min = 0;
    std::size_t max = from.how().array_max;
    if constexpr (requires { V::size_min; })
        min = V::size_min;
    if constexpr (requires { V::size_max; })
        max = V::size_max;
    into.clear();
    from.items(
        min, max, &into,
        [](reader& element, void* vector)
        {
            typename V::value_type item{};  // Not in place: a vector<bool> has no bool to refer to.
            read_value(element, item);
            static_cast<V*>(vector)->push_back(std::move(item));
        });
}

template <class M>
void read_map(reader& from, M& into)
{
    into.clear();
    from.entries(&into, [](reader& entry, std::string_view key, void* map)
                 { read_value(entry, (*static_cast<M*>(map))[std::string(key)]); });
}

template <class T>
void read_optional(reader& from, T& into)
{
    into.reset();
    if (from.is_null())
        return;
    if constexpr (lenient_like<T>)
    {
        if (!from.quietly(&into.emplace(), &read_as<typename T::value_type>))
            into.reset();
    }
    else
        read_value(from, into.emplace());
}

template <class T>
void read_known(reader& from, T& into)
{
    if constexpr (requires { codec<T>::read(from, into); })
    {
        if (is_required<T>() || !from.is_null())
            codec<T>::read(from, into);
    }
    else if constexpr (described_struct<T>)
        from.members(fields_of<T>, &into);
    else if constexpr (described_enum<T>)
        read_enum(from, into);
    else if constexpr (optional_like<T>)
        read_optional(from, into);
    else if constexpr (text_like<T>)
        read_text(from, into);
    else if constexpr (id_like<T>)
    {
        if (std::optional<std::int64_t> const number = from.id())
            into.value = *number;
    }
    else if constexpr (bounded_like<T>)
        read_bounded(from, into);
    else if constexpr (plain_integer<T>)
        read_integer(from, into);
    else if constexpr (std::is_same_v<T, bool>)
        into = from.boolean().value_or(into);
    else if constexpr (vector_like<T>)
        read_vector(from, into);
    else if constexpr (map_like<T>)
        read_map(from, into);
    else if constexpr (std::is_base_of_v<std::string, T>)
        read_string(from, into);
    else if constexpr (std::is_same_v<T, timestamp>)
        read_timestamp(from, into);
    else if constexpr (std::is_same_v<T, currency>)
        read_currency(from, into);
    else if constexpr (std::is_base_of_v<decimal, T>)
        read_decimal(from, into);
    else if constexpr (std::is_base_of_v<flag01, T>)
        read_flag(from, into);
    else if constexpr (std::is_same_v<T, raw>)
        read_raw(from, into);
    else
        static_assert(always_false<T>,
                      "no way to read this type: MC_DESCRIBE it or specialise json::codec");
}

// Parses, walks and collects; `read` fills *into. object_only refuses a text, number … at the top.
enum class top
{
    object_only,
    any
};
result<> parse_document(std::string_view text, read_options const& how, top allowed, void* into,
                        void (*read)(reader& from, void* into));
result<> parse_query(query_fields given, read_options const& how, std::span<field const> fields,
                     void* into);

}  // namespace detail

template <class T>
void read_value(reader& from, T& into)
{
    std::string_view const outer = from.exchange_message(message_of<T>());
    detail::read_known(from, into);
    from.exchange_message(outer);
}

template <class T>
void reader::read(T& into)
{
    read_value(*this, into);
}

// The T that `text` describes.
// - Not JSON (also: invalid UTF-8, lone surrogates, something behind it, numbers no double can
// hold), or not an
//   object although T is a struct: invalid "json.malformed". A BOM is skipped, nothing at all is
//   {}, and where unknown members are ignored an array at the top is an object without members.
// - Nested deeper than depth_max: invalid "json.too_deep".
// - Otherwise every violation of every field in declared order (at most violations_max): invalid
//   "request.invalid", its message that of the first. Members given twice are refused at every
//   depth, in members nobody knows too.
template <class T>
result<T> parse(std::string_view text, read_options how = contract)
{
    T value{};
    result<> const read = detail::parse_document(
        text, how, described_struct<T> ? detail::top::object_only : detail::top::any, &value,
        &detail::read_as<T>);
    if (!read)
        return read.error();
    return value;
}

// The T that the decoded fields of a query string or of a path describe: numbers from digits, true
// and false, enumerators by name. A known field given twice is refused (a lenient one is nothing),
// an unknown one as `how` says.
template <described_struct T>
result<T> parse_fields(query_fields given, read_options how = contract)
{
    T value{};
    result<> const read = detail::parse_query(given, how, detail::fields_of<T>, &value);
    if (!read)
        return read.error();
    return value;
}

}  // namespace mc::json
