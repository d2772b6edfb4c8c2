#pragma once

#include <string>
#include <string_view>

#include "platform/json/types.hpp"
#include "platform/json/writer.hpp"

// Described structs to JSON: compact, members in declared order, names in camelCase, UTF-8 as it
// is.
namespace mc::json
{

template <class T>
void write_value(writer& to, T const& value);

namespace detail
{

template <class Descriptor, class M>
void write_member(writer& to, M const& member)
{
    if constexpr (omitted_like<M>)
    {
        if (!member)
            return;
    }
    to.small(key_of<Descriptor>.with_comma());
    write_value(to, member);
}

template <class T, class... D>
void write_members(writer& to, T const& value, boost::mp11::mp_list<D...>*)
{
    std::size_t const begun = to.begin();
    (write_member<D>(to, value.*D::pointer), ...);
    to.end(begun, '{', '}');
}

template <class V>
void write_vector(writer& to, V const& value)
{
    std::size_t const begun = to.begin();
    for (typename V::value_type const& each : value)
    {
        to.put(',');
        write_value(to, each);
    }
    to.end(begun, '[', ']');
}

template <class M>
void write_map(writer& to, M const& value)
{
    std::size_t const begun = to.begin();
    for (typename M::value_type const& each : value)
    {
        to.put(',');
        to.text(each.first);
        to.put(':');
        write_value(to, each.second);
    }
    to.end(begun, '{', '}');
}

}  // namespace detail

template <class T>
void write_value(writer& to, T const& value)
{
    if constexpr (requires { codec<T>::write(to, value); })
        codec<T>::write(to, value);
    else if constexpr (described_struct<T>)
        detail::write_members(to, value, static_cast<members_of<T>*>(nullptr));
    else if constexpr (described_enum<T>)
        to.text(enum_name(value));
    else if constexpr (optional_like<T>)
    {
        if (value)
            write_value(to, *value);
        else
            to.small("null");
    }
    else if constexpr (text_like<T>)
        to.text(value.value());
    else if constexpr (id_like<T>)
        to.integer(value.value);
    else if constexpr (bounded_like<T>)
        to.integer(value.value());
    else if constexpr (std::is_same_v<T, bool>)
        to.small(value ? "true" : "false");
    else if constexpr (plain_integer<T> && std::is_unsigned_v<T>)
        to.unsigned_integer(value);
    else if constexpr (plain_integer<T>)
        to.integer(value);
    else if constexpr (std::is_convertible_v<T const&, std::string_view>)
        to.text(value);
    else if constexpr (vector_like<T>)
        detail::write_vector(to, value);
    else if constexpr (map_like<T>)
        detail::write_map(to, value);
    else if constexpr (std::is_same_v<T, timestamp>)
        to.iso(epoch_ms(value));
    else if constexpr (std::is_same_v<T, currency>)
        to.text(value.code());
    else if constexpr (std::is_same_v<T, as_string>)
        to.text(to_decimal(value.value));
    else if constexpr (std::is_same_v<T, as_number>)
        to.raw(to_js_number(value.value));
    else if constexpr (std::is_base_of_v<decimal, T>)
        to.raw(value.digits);
    else if constexpr (std::is_base_of_v<flag01, T>)
        to.put(value ? '1' : '0');
    else if constexpr (std::is_same_v<T, raw>)
        to.raw(value.text);
    else
        static_assert(
            detail::always_false<T>,
            "no way to write this type: MC_DESCRIBE it, specialise json::codec, or for money "
            "choose as_string or as_number");
}

template <class T>
void writer::value(T const& of)
{
    write_value(*this, of);
}

// Appends `value` to `out`.
template <class T>
void write(std::string& out, T const& value)
{
    writer to(out);
    write_value(to, value);
}

template <class T>
std::string to_text(T const& value)
{
    std::string out;
    write(out, value);
    return out;
}

}  // namespace mc::json
