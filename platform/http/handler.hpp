#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/db/idempotency.hpp"

// What a handler is made of. A handler is a coroutine
//
//     awaitable<result<R>> cancel_order(deps& use, actor who, path<order_path> at);
//
// whose parameters after the deps, in any order and each at most once, say what it reads of the
// request:
//
//     actor                  who is calling; not on open and internal routes
//     std::optional<actor>   the same on an open route; nothing without an Authorization header
//     path<T>                the ids in the path: T's members, by name, are the template's {names}
//     query<T>               the query string
//     body<T>                the JSON body; no body counts as {}
//     read_body<T>           the same, or what is wrong with it: the handler refuses it
//     idempotency            the Idempotency-Key header with the fingerprint of the request
//     caller                 facts of the request that are not business
//
// A handler never sees an invalid value: what does not decode is answered with 400 before it runs,
// but for a read_body. And whose R says what it answers:
//
//     a described struct (or a vector of them)   200 with its JSON
//     created<T>                                 201 with T's JSON
//     no_content                                 204
//     reply<T>                                   T's JSON with a status and headers of its own
//     answer                                     the stored answer of an idempotent request
//     (db/idempotency.hpp) raw_reply                                  bytes of any type
//
// An error becomes a status by its kind (see status_of). What a handler throws is logged and
// answered without detail: 503 for an `outage`, 500 for anything else.
namespace mc::http
{

template <class T>
struct path : T
{};

template <class T>
struct query : T
{};

template <class T>
struct body : T
{};

// Where something has to be looked up before it may be said what is wrong with the body. `text` is
// the body itself, for the fields that are looked up by, and lives as long as the handler runs.
template <class T>
struct read_body
{
    result<T> decoded = T{};
    std::string_view text = {};
};

struct header
{
    std::string name;
    std::string value;  // Without CR and LF.
};

template <class T>
struct created
{
    T value;
};

struct no_content
{};

template <class T>
struct reply
{
    T body;
    int status = 200;
    std::vector<header> headers = {};
};

struct raw_reply
{
    int status = 200;
    std::string content_type;  // "text/plain; charset=utf-8". Empty: no body and no such header.
    std::string bytes;
    std::vector<header> headers = {};
};

enum class internal_call
{
    no,
    yes
};

// Facts of the request. The texts live as long as the handler runs.
struct caller
{
    std::string_view target;  // As sent, with the query: "/orders/me?page=2".
    // The whole header, to pass on to another service. Empty: none was sent.
    std::string_view authorization;
    std::string_view if_none_match;
    std::string_view accept;
    // Of the peer, or what a trusted proxy says of it: "203.0.113.9", "2001:db8::1".
    std::string_view address;
    // Came with a valid internal token, or from within the process.
    internal_call is_internal = internal_call::no;
    std::string_view if_match;  // Empty: none was sent.
};

}  // namespace mc::http
