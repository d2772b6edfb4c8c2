#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/mp11/algorithm.hpp>

#include "platform/db/idempotency.hpp"
#include "platform/http/endpoint.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/schema.hpp"

// What a handler's types say about it.
namespace mc::http
{

template <class T>
inline constexpr bool is_parameter =
    std::is_same_v<T, actor> || std::is_same_v<T, std::optional<actor>> ||
    std::is_same_v<T, caller> || std::is_same_v<T, idempotency>;
template <class T>
inline constexpr bool is_parameter<path<T>> = true;
template <class T>
inline constexpr bool is_parameter<query<T>> = true;
template <class T>
inline constexpr bool is_parameter<body<T>> = true;
template <class T>
inline constexpr bool is_parameter<read_body<T>> = true;

template <class T>
void note_parameter(handler_facts&, std::type_identity<T>)
{}
template <class T>
void note_parameter(handler_facts& facts, std::type_identity<path<T>>)
{
    facts.has_path = true;
    facts.path_schema = &json::member_schemas_of<T>;
    boost::mp11::mp_for_each<members_of<T>>(
        [&](auto member) { facts.path_members.emplace_back(key_of<decltype(member)>.name()); });
}
template <class T>
void note_parameter(handler_facts& facts, std::type_identity<query<T>>)
{
    facts.query_schema = &json::member_schemas_of<T>;
}
template <class T>
void note_parameter(handler_facts& facts, std::type_identity<body<T>>)
{
    facts.body_schema = &json::schema_of<T>;
}
template <class T>
void note_parameter(handler_facts& facts, std::type_identity<read_body<T>>)
{
    facts.body_schema = &json::schema_of<T>;
}
inline void note_parameter(handler_facts& facts, std::type_identity<actor>)
{
    facts.actor = takes_actor::yes;
}
inline void note_parameter(handler_facts& facts, std::type_identity<std::optional<actor>>)
{
    facts.actor = takes_actor::maybe;
}
inline void note_parameter(handler_facts& facts, std::type_identity<idempotency>)
{
    facts.takes_idempotency = true;
}

template <class R>
void note_answer(handler_facts& facts, std::type_identity<R>)
{
    facts.answer_schema = &json::schema_of<R>;
}
template <class T>
void note_answer(handler_facts& facts, std::type_identity<created<T>>)
{
    facts.answer_schema = &json::schema_of<T>;
    facts.answer_status = 201;
}
template <class T>
void note_answer(handler_facts& facts, std::type_identity<reply<T>>)
{
    facts.answer_schema = &json::schema_of<T>;
}
inline void note_answer(handler_facts& facts, std::type_identity<void>)
{
    facts.answer_status = 204;
}
inline void note_answer(handler_facts& facts, std::type_identity<no_content>)
{
    facts.answer_status = 204;
}
inline void note_answer(handler_facts& facts, std::type_identity<answer>)
{
    facts.answer_status = 201;
}
inline void note_answer(handler_facts&, std::type_identity<raw_reply>) {}

template <class R, class... A>
handler_facts facts_of()
{
    handler_facts facts;
    (note_parameter(facts, std::type_identity<A>{}), ...);
    note_answer(facts, std::type_identity<R>{});
    return facts;
}

// The unqualified name of a function, from what the compiler calls it.
constexpr std::string_view last_word_of(std::string_view pretty) noexcept
{
    std::size_t const start = pretty.find("Handler = ");
    pretty.remove_prefix(start == std::string_view::npos ? 0 : start + 10);
    pretty = pretty.substr(0, pretty.find_first_of(",;]"));
    std::size_t const colon = pretty.rfind(':');
    return colon == std::string_view::npos ? pretty.substr(pretty.starts_with('&') ? 1 : 0)
                                           : pretty.substr(colon + 1);
}

template <auto Handler>
constexpr std::string_view function_name() noexcept
{
    return last_word_of(__PRETTY_FUNCTION__);
}

}  // namespace mc::http
