#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/json/reader.hpp"
#include "platform/json/schema_writer.hpp"
#include "platform/json/types.hpp"

// JSON Schema 2020-12, as OpenAPI 3.1 uses it, of what read.hpp reads and write.hpp writes. This
// walk is dear to compile: only the file that makes the API description includes it.
namespace mc::json
{

// One member of a struct, for OpenAPI's parameters.
struct member_schema
{
    std::string name;
    std::string schema;
    bool required;
};

// The schema of T: {"$ref":"#/components/schemas/OrderView"} for a described struct, which becomes
// a component of `in`, else the schema itself. What is in `required` depends on `in.use()`.
template <class T>
std::string schema_of(schema_set& in);

namespace detail
{

// "mc::order_service::order_view", taken from what the compiler calls this function.
template <class T>
constexpr std::string_view type_name() noexcept
{
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("T = ") + 4);
    return name.substr(0, name.rfind(']'));
}

template <class T>
constexpr bool may_be_missing() noexcept
{
    if constexpr (requires { codec<T>::may_be_missing; })
        return codec<T>::may_be_missing;
    else
        return optional_like<T>;
}

template <class T>
bool is_required_in(schema_set const& in) noexcept
{
    return in.use() == schema_use::answer ? !omitted_like<T> : !may_be_missing<T>();
}

template <class T, class... D>
std::vector<member_schema> members_in(schema_set& in, boost::mp11::mp_list<D...>*)
{
    std::vector<member_schema> all;
    all.reserve(sizeof...(D));
    (all.push_back(
         {std::string(key_of<D>.name()),
          schema_of<std::remove_reference_t<decltype(std::declval<T&>().*D::pointer)>>(in),
          is_required_in<std::remove_reference_t<decltype(std::declval<T&>().*D::pointer)>>(in)}),
     ...);
    return all;
}

std::string object_schema(std::vector<member_schema> const& members);
std::string reference_to(std::string_view component);

template <class T>
std::string struct_schema(schema_set& in)
{
    std::string const name = in.name_of(type_name<T>());
    if (!in.has(name))
    {
        in.put(name,
               "{}");  // Known before its members are walked, so that a struct may contain itself.
        in.put(name, object_schema(members_in<T>(in, static_cast<members_of<T>*>(nullptr))));
    }
    return reference_to(name);
}

template <class E>
void enum_schema(schema_writer& to)
{
    std::vector<std::string_view> names;
    names.reserve(enumerators_of<E>.size());
    for (auto const& each : enumerators_of<E>)
        names.push_back(each.name);
    to.one_of(names);
}

template <class V>
void vector_schema(schema_writer& to)
{
    std::optional<std::size_t> min;
    std::optional<std::size_t> max;
    if constexpr (requires { V::size_min; })
        min = V::size_min;
    if constexpr (requires { V::size_max; })
        max = V::size_max;
    to.list(schema_of<typename V::value_type>(to.in()), min, max);
}

inline constexpr std::string_view plain_decimal_text =
    R"({"type":"string","pattern":"^-?[0-9]+(\\.[0-9]+)?$"})";

template <class T>
void leaf_schema(schema_writer& to)
{
    if constexpr (text_like<T>)
        to.text(T::min_length, T::max_length);
    else if constexpr (id_like<T>)
        to.integer(1, std::numeric_limits<std::int64_t>::max());
    else if constexpr (bounded_like<T>)
        to.integer(T::min, T::max);
    else if constexpr (plain_integer<T> && std::is_unsigned_v<T>)
        to.unsigned_integer(std::numeric_limits<T>::max());
    else if constexpr (plain_integer<T>)
        to.integer(std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
    else if constexpr (std::is_same_v<T, bool>)
        to.raw(R"({"type":"boolean"})");
    else if constexpr (std::is_convertible_v<T const&, std::string_view>)
        to.raw(R"({"type":"string"})");
    else if constexpr (std::is_same_v<T, timestamp>)
        to.raw(R"({"type":"string","format":"date-time"})");
    else if constexpr (std::is_same_v<T, currency>)
        to.raw(R"({"type":"string","pattern":"^[A-Z]{3}$"})");
    else if constexpr (std::is_same_v<T, as_string>)
        to.raw(plain_decimal_text);
    else if constexpr (std::is_same_v<T, as_number>)
        to.raw(R"({"type":"number"})");
    else if constexpr (std::is_base_of_v<decimal, T>)
        to.raw(R"({"anyOf":[{"type":"number"},)" + std::string(plain_decimal_text) + "]}");
    else if constexpr (std::is_base_of_v<flag01, T>)
        to.raw(R"({"type":"integer","enum":[0,1]})");
    else if constexpr (std::is_same_v<T, raw>)
        to.raw("{}");
    else
        static_assert(always_false<T>,
                      "no schema of this type: MC_DESCRIBE it or give its json::codec a schema()");
}

}  // namespace detail

template <class T>
std::string schema_of(schema_set& in)
{
    schema_writer to(in);
    if constexpr (requires { codec<T>::schema(to); })
        codec<T>::schema(to);
    else if constexpr (described_struct<T>)
        return detail::struct_schema<T>(in);
    else if constexpr (described_enum<T>)
        detail::enum_schema<T>(to);
    else if constexpr (omitted_like<T>)
        return schema_of<typename T::value_type>(in);
    else if constexpr (optional_like<T>)
        to.or_null(schema_of<typename T::value_type>(in));
    else if constexpr (vector_like<T>)
        detail::vector_schema<T>(to);
    else if constexpr (map_like<T>)
        to.map(schema_of<typename T::mapped_type>(in));
    else
        detail::leaf_schema<T>(to);
    return to.take();
}

template <class T>
void schema_writer::of()
{
    raw(schema_of<T>(in_));
}

// The members of a struct one by one, in declared order, instead of the struct: for path and query
// parameters.
template <described_struct T>
std::vector<member_schema> member_schemas_of(schema_set& in)
{
    return detail::members_in<T>(in, static_cast<members_of<T>*>(nullptr));
}

}  // namespace mc::json
