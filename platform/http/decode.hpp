#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/mp11/algorithm.hpp>

#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/endpoint.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/read.hpp"
#include "platform/json/types.hpp"
#include "platform/json/write.hpp"

// Request → the values a handler takes. Each step does nothing once one was refused.
namespace mc::http
{

using query_fields = std::vector<std::pair<std::string, std::string>>;

// "a=1&b=x%20y+z": percent escapes and '+' decoded, a bad escape left as it stands, a name without
// '=' has an empty value, empty pieces are skipped. At most `query_fields_max` pieces are looked
// at.
inline constexpr std::size_t query_fields_max = 64;
query_fields split_query(std::string_view query);

// One value of the path. False: it is not one.
template <class E>
bool read_path_value(std::string const& text, id_of<E>& into) noexcept
{
    std::optional<std::int64_t> const id = parse_id(text);
    if (id)
        into = id_of<E>{*id};
    return id.has_value();
}

template <std::int64_t Min, std::int64_t Max>
bool read_path_value(std::string const& text, bounded<Min, Max>& into) noexcept
{
    std::optional<std::int64_t> const number =
        text == "0" ? std::optional<std::int64_t>{0} : parse_id(text);
    std::optional<bounded<Min, Max>> const value =
        number ? bounded<Min, Max>::from(*number) : std::nullopt;
    if (value)
        into = *value;
    return value.has_value();
}

inline bool read_path_value(std::string const& text, std::string& into)
{
    into = text;
    return !text.empty();
}

template <described_enum E>
bool read_path_value(std::string const& text, E& into)
{
    std::optional<E> const value = enum_from<E>(text);
    if (value)
        into = *value;
    return value.has_value();
}

// Types derived from text<>: what their `from` says.
template <json::text_like T>
bool read_path_value(std::string const& text, T& into)
{
    auto const value = T::from(text);
    if (value)
        static_cast<std::remove_cvref_t<decltype(*value)>&>(into) = *value;
    return value.has_value();
}

class decoder
{
public:
    explicit decoder(exchange& at) noexcept : at_(at) {}

    template <class T>
    void read_path(T&) noexcept
    {}
    template <class T>
    void read_path(path<T>& into)
    {
        boost::mp11::mp_for_each<members_of<T>>(
            [&](auto member)
            {
                using described = decltype(member);
                read_path_member(key_of<described>.name(),
                                 static_cast<T&>(into).*described::pointer);
            });
    }

    // access::owner: the first id of the path is the caller's own, or the caller is an admin.
    void check_owner();

    template <class T>
    void read_query(T&) noexcept
    {}
    template <class T>
    void read_query(query<T>& into)
    {
        if (refused_)
            return;
        query_fields const fields = split_query(at_.in.query);
        result<T> read = json::parse_fields<T>(fields, options());
        if (read)
            static_cast<T&>(into) = std::move(*read);
        else
            refused_ = read.error();
    }

    template <class T>
    void read_body(T&) noexcept
    {}
    template <class T>
    void read_body(body<T>& into)
    {
        if (refused_)
            return;
        result<T> read = json::parse<T>(at_.in.body, options());
        if (!read)
        {
            refused_ = read.error();
            return;
        }
        static_cast<T&>(into) = std::move(*read);
        if (at_.in.idempotency_key)
            canonical_body_ = json::to_text(static_cast<T const&>(into));
    }

    // For idempotent routes the key's fingerprint needs a body<T>.
    template <class T>
    void read_body(http::read_body<T>& into)
    {
        if (refused_)
            return;
        into.text = at_.in.body;
        into.decoded = json::parse<T>(at_.in.body, options());
    }

    template <class T>
    void read_rest(T&) noexcept
    {}
    void read_rest(actor& into) noexcept;
    void read_rest(std::optional<actor>& into) noexcept { into = at_.who; }
    void read_rest(caller& into) noexcept;
    void read_rest(idempotency& into);

    std::optional<error> refused() && { return std::move(refused_); }
    std::optional<error> const& refused() const& { return refused_; }

private:
    template <class V>
    void read_path_member(std::string_view name, V& into)
    {
        if (refused_)
            return;
        if (!read_path_value(path_value(name), into))
        {
            refuse_path(name);
            return;
        }
        if constexpr (json::id_like<V>)
            if (!at_.first_path_id)
                at_.first_path_id = into.value;
    }

    std::string const& path_value(std::string_view name) const;
    void refuse_path(std::string_view name);
    json::read_options options() const noexcept;

    exchange& at_;
    std::optional<error> refused_;
    std::string canonical_body_;
};

}  // namespace mc::http
