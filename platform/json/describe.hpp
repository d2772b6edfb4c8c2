#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>
#include <boost/pfr/tuple_size.hpp>

// One description of a struct serves everything that walks it: JSON reading and writing, schemas,
// query strings, database rows. Written once, directly after the struct and in its namespace:
//
//     struct place_order_request
//     {
//         id_of<product> product_id;
//         std::optional<bounded<1, 4'294'967'295>> quantity;
//     };
//     MC_DESCRIBE(place_order_request, product_id, quantity)
//
// At most 50 members, in the order in which they shall be written. The struct must be an aggregate
// without bases; a member that is missing in the list does not compile.
#define MC_DESCRIBE(type, ...)                                                                     \
    BOOST_DESCRIBE_STRUCT(type, (), (__VA_ARGS__))                                                 \
    static_assert(boost::pfr::tuple_size_v<type> == ::mc::member_count<type>,                      \
                  "MC_DESCRIBE(" #type ", …) does not name every member");

#define MC_DESCRIBE_EMPTY(type)                                                                    \
    BOOST_DESCRIBE_STRUCT(type, (), ())                                                            \
    static_assert(std::is_empty_v<type>, "MC_DESCRIBE_EMPTY(" #type "): it has members");

// An enumerator's name is its spelling in JSON and in the database. Every enumerator must be
// listed: writing one that is not throws std::logic_error.
#define MC_DESCRIBE_ENUM(type, ...) BOOST_DESCRIBE_ENUM(type, __VA_ARGS__)

namespace mc
{

template <class T>
concept described_struct =
    std::is_class_v<T> && !std::is_union_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

// boost::mp11::mp_list of descriptors, each with `name` and `pointer`, in declared order.
template <described_struct T>
using members_of =
    boost::mp11::mp_rename<boost::describe::describe_members<T, boost::describe::mod_public>,
                           boost::mp11::mp_list>;

template <described_enum E>
using enumerator_list_of =
    boost::mp11::mp_rename<boost::describe::describe_enumerators<E>, boost::mp11::mp_list>;

namespace describe_detail
{

template <class... D>
consteval std::size_t count_of(boost::mp11::mp_list<D...>*)
{
    return sizeof...(D);
}

// What a C++ name is on the wire: product_id → productId. One trailing underscore, which sets a
// name apart from a keyword (`default_`), is dropped.
constexpr std::size_t camel_case(std::string_view snake, char* into)
{
    if (snake.ends_with('_'))
        snake.remove_suffix(1);
    std::size_t length = 0;
    bool upper = false;
    for (char const c : snake)
    {
        if (c == '_')
        {
            upper = length > 0;
            continue;
        }
        into[length++] = upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return length;
}

// `,"productId":` of one member, made by the compiler.
template <std::size_t Capacity>
struct key_literal
{
    char bytes[Capacity] = {};
    std::size_t length = 0;

    constexpr std::string_view with_comma() const noexcept { return {bytes, length}; }
    constexpr std::string_view name() const noexcept { return {bytes + 2, length - 4}; }
};

template <class Descriptor>
consteval auto make_key()
{
    key_literal<std::string_view(Descriptor::name).size() + 4> key;
    key.bytes[0] = ',';
    key.bytes[1] = '"';
    key.length = 2 + camel_case(Descriptor::name, key.bytes + 2);
    key.bytes[key.length++] = '"';
    key.bytes[key.length++] = ':';
    return key;
}

template <class Enum>
struct enumerator
{
    Enum value;
    std::string_view name;
};

template <class Enum, class... D>
consteval std::array<enumerator<Enum>, sizeof...(D)> enumerators_in(boost::mp11::mp_list<D...>*)
{
    std::array<enumerator<Enum>, sizeof...(D)> all{enumerator<Enum>{D::value, D::name}...};
    for (enumerator<Enum>& each : all)
        if (each.name.ends_with('_'))
            each.name.remove_suffix(1);
    return all;
}

}  // namespace describe_detail

template <described_struct T>
inline constexpr std::size_t member_count =
    describe_detail::count_of(static_cast<members_of<T>*>(nullptr));

template <class Descriptor>
inline constexpr auto key_of = describe_detail::make_key<Descriptor>();

// All values of a described enum with their names, in declared order.
template <described_enum E>
inline constexpr auto enumerators_of =
    describe_detail::enumerators_in<E>(static_cast<enumerator_list_of<E>*>(nullptr));

// The name of a value; std::logic_error for a value that is not described.
template <described_enum E>
constexpr std::string_view enum_name(E value)
{
    for (describe_detail::enumerator<E> const& each : enumerators_of<E>)
        if (each.value == value)
            return each.name;
    throw std::logic_error("an enumerator without a name");
}

// The value with exactly this name, else nothing.
template <described_enum E>
constexpr std::optional<E> enum_from(std::string_view name) noexcept
{
    for (describe_detail::enumerator<E> const& each : enumerators_of<E>)
        if (each.name == name)
            return each.value;
    return std::nullopt;
}

// product_id → productId; what MC_DESCRIBE's names become on the wire.
inline std::string camel_case(std::string_view snake)
{
    std::string made(snake.size(), '\0');
    made.resize(describe_detail::camel_case(snake, made.data()));
    return made;
}

}  // namespace mc
