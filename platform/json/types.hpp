#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/text.hpp"
#include "platform/core/time.hpp"
#include "platform/json/describe.hpp"

// Types that exist for their form in JSON, and how any other type says what its form is.
namespace mc::json
{

class reader;
class writer;
class schema_writer;

// How a type that is not known here is read and written; specialise it beside the type, in
// namespace mc::json. Each function is needed only where it is used.
//     template <> struct codec<T>
//     {
//         static void read(reader& from, T& into);         // records a violation when it cannot
//         static void write(writer& to, T const& value);
//         static void schema(schema_writer& to);
//         static constexpr bool may_be_missing = true;     // optional: a missing member or null is
//         left as it is
//     };
template <class T>
struct codec;

// Like std::optional, but the member is left out when there is nothing, instead of written as null.
template <class T>
struct omitted : std::optional<T>
{
    using std::optional<T>::optional;
};

// Reads as nothing whatever is not a T, instead of refusing it: filters and members which the
// contract ignores when it does not understand them. Missing, null, or repeated in a query string:
// nothing, too.
template <class T>
struct lenient : std::optional<T>
{
    using std::optional<T>::optional;
};

// An amount written as text with all its decimals, "19.99", or as a number as JavaScript prints
// it, 19.9. Written only: the currency stands elsewhere, so an amount is read as `decimal` and a
// `currency`.
struct as_string
{
    money value;
};
struct as_number
{
    money value;
};

// 0 or 1 on the wire. Reads true and false, too.
struct flag01
{
    bool value = false;

    constexpr flag01() noexcept = default;
    constexpr flag01(bool on) noexcept : value(on) {}
    constexpr operator bool() const noexcept { return value; }
    friend constexpr bool operator==(flag01, flag01) noexcept = default;
};

// JSON that is spliced in as it is when written; it must be one valid value. Reading re-encodes the
// value that stands there: the same value, without blanks, numbers in their shortest form.
struct raw
{
    std::string text;
    friend bool operator==(raw const&, raw const&) = default;
};

// A number as the client wrote it, in plain digits: `-?[0-9]+(\.[0-9]+)?`. Reads a JSON number of
// at most 15 significant digits (its shortest form, so 19.99 is "19.99") or a string of such
// digits; "1e2", true and [5] are refused. What it means is decided with the currency at hand:
// parse_decimal(digits, currency). Written as a number.
struct decimal
{
    std::string digits = "0";
    friend bool operator==(decimal const&, decimal const&) = default;
};

// The limit on a decimal's length, in characters: an int64 has 19 digits, and nobody has 20
// decimals.
inline constexpr std::size_t decimal_length_max = 40;

namespace detail
{

template <class T>
inline constexpr bool always_false = false;

template <std::size_t Min, std::size_t Max>
std::true_type is_text(text<Min, Max> const*);
std::false_type is_text(void const*);
template <std::int64_t Min, std::int64_t Max>
std::true_type is_bounded(bounded<Min, Max> const*);
std::false_type is_bounded(void const*);
template <class Entity>
std::true_type is_id(id_of<Entity> const*);
std::false_type is_id(void const*);
template <class T>
std::true_type is_optional(std::optional<T> const*);
std::false_type is_optional(void const*);
template <class T>
std::true_type is_omitted(omitted<T> const*);
std::false_type is_omitted(void const*);
template <class T>
std::true_type is_lenient(lenient<T> const*);
std::false_type is_lenient(void const*);
template <class T>
std::true_type is_vector(std::vector<T> const*);
std::false_type is_vector(void const*);
template <class T>
std::true_type is_map(std::map<std::string, T> const*);
std::false_type is_map(void const*);

template <class T>
using pointer_to = T const*;

}  // namespace detail

// A type is one of these when it is the named one or derives from it.
template <class T>
concept text_like = decltype(detail::is_text(detail::pointer_to<T>{}))::value;
template <class T>
concept bounded_like = decltype(detail::is_bounded(detail::pointer_to<T>{}))::value;
template <class T>
concept id_like = decltype(detail::is_id(detail::pointer_to<T>{}))::value;
template <class T>
concept optional_like = decltype(detail::is_optional(detail::pointer_to<T>{}))::value;
template <class T>
concept omitted_like = decltype(detail::is_omitted(detail::pointer_to<T>{}))::value;
template <class T>
concept lenient_like = decltype(detail::is_lenient(detail::pointer_to<T>{}))::value;
template <class T>
concept vector_like = decltype(detail::is_vector(detail::pointer_to<T>{}))::value;
template <class T>
concept map_like = decltype(detail::is_map(detail::pointer_to<T>{}))::value;
template <class T>
concept plain_integer = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t> ||
                        std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::uint64_t>;

// A field type may carry the one sentence with which every violation of the field is answered: a
// constant, not a member that happens to be called so.
template <class T>
concept has_message =
    requires { typename std::integral_constant<std::size_t, std::string_view{T::message}.size()>; };

template <class T>
constexpr std::string_view message_of() noexcept
{
    if constexpr (has_message<T>)
        return T::message;
    else if constexpr (optional_like<T>)
        return message_of<typename T::value_type>();
    else
        return {};
}

}  // namespace mc::json
