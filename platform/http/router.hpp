#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/error.hpp"
#include "platform/core/time.hpp"
#include "platform/http/access.hpp"
#include "platform/http/bind.hpp"
#include "platform/http/endpoint.hpp"
#include "platform/http/refused.hpp"
#include "platform/http/request.hpp"

namespace mc
{
class authenticator;
class database;
class http_metrics;
class internal_tokens;
class route_metrics;
}  // namespace mc

namespace mc::http
{

class kept_answers;
class route_tree;

enum class unknown_fields
{
    ignored,  // As the contract's routes do.
    refused   // As routes of our own do, in body and query.
};

// One row of the table. What is not said otherwise: any 403 says `Forbidden`, a bad id in the path
// 400 `Invalid <its name>`, unknown members of the body are ignored, the body may have the server's
// usual size.
class route
{
public:
    route();
    ~route();
    route(route const&) = delete;
    route& operator=(route const&) = delete;

    // The sentence of a 403 by role, where the contract has one of its own.
    route& forbidden(std::string_view sentence);
    // What a path that does not decode is answered with; the actor is null on an open route without
    // a token.
    route& bad_path(error (*answer)(actor const* who));
    // Answers get an ETag made of their bytes, if the handler gave none, and If-None-Match a 304.
    route& conditional();
    // The answer depends on the target and on what is stored in `of`, and on nothing else (no
    // clock, no header): a 200 is given again until something is committed there. Only for GET
    // routes that are open and whose handler takes no actor (std::logic_error). `of` outlives the
    // router.
    route& kept_until_commit(database const& of);
    // Bytes of the body, as sent and decoded; more is 413.
    route& body_max(std::size_t bytes);
    // A route of our own, not of the contract: unknown members of body and query are refused, ids
    // are JSON integers.
    route& own();
    // The answer's ETag names a version of what it shows, and If-Match is held against it.
    route& versioned();

    // What follows is for the OpenAPI document alone.
    // What the route refuses, as domain/errors.cpp words it: status, code and sentence.
    route& refuses(std::initializer_list<error> all);
    // One more answer: a status and what it means, instead of the sentences of its refusals.
    route& replies(int status, std::string_view sentence, std::string_view code = {});
    // The same, of one whose body says more than an error does.
    template <class T>
    route& replies(int status, std::string_view sentence, std::string_view code = {})
    {
        replies(status, sentence, code);
        documented_.back().schema = &json::schema_of<T>;
        return *this;
    }
    // What a handler answers whose type does not tell: an idempotent one (`answer`), or raw bytes
    // of JSON.
    template <class T>
    route& answers(int status = 201)
    {
        handler_.facts.answer_schema = &json::schema_of<T>;
        handler_.facts.answer_status = status;
        return *this;
    }
    // A body and the answer to it, as JSON; empty: there is none, or none to show.
    route& example(std::string_view body, std::string_view answer);
    // The operationId, for a handler bound by pointer.
    route& named(std::string_view verb);

    method verb() const noexcept { return verb_; }
    std::string const& path() const noexcept { return path_; }
    access who() const noexcept { return access_; }
    std::string const& summary() const noexcept { return summary_; }
    std::string const& name() const noexcept { return name_; }
    std::string const& label() const noexcept
    {
        return label_;
    }  // "PATCH /orders/{orderId}/cancel"
    std::vector<std::string> const& parameters() const noexcept { return parameters_; }
    std::size_t body_max() const noexcept { return body_max_; }  // 0: the server's.
    unknown_fields unknown() const noexcept { return unknown_; }
    route_metrics* metrics() const noexcept { return metrics_; }  // Null when nothing is counted.

    struct documented_answer
    {
        int status;
        std::string meaning;                              // Empty: the refusal's sentence says it.
        std::string sentence;                             // What a refusal says.
        std::string code;                                 // A refusal's; empty: not known.
        handler_facts::schema_function schema = nullptr;  // Null: an error.
    };

private:
    friend class router;
    friend class decoder;
    friend class openapi_writer;

    method verb_ = method::get;
    access access_ = access::admin;
    std::string path_;
    std::string label_;
    std::string name_;
    std::string summary_;
    std::string forbidden_ = "Forbidden";
    error (*bad_path_)(actor const*) = nullptr;
    std::vector<std::string> parameters_;  // "orderId", in the template's order.
    std::vector<documented_answer> documented_;
    std::string body_example_;
    std::string answer_example_;
    std::size_t body_max_ = 0;
    unknown_fields unknown_ = unknown_fields::ignored;
    bool conditional_ = false;
    bool versioned_ = false;
    std::unique_ptr<kept_answers> kept_;  // Null: every answer is made anew.
    bound handler_;
    route_metrics* metrics_ = nullptr;
};

struct router_options
{
    std::string service;  // "order"
    // Where it usually listens, for the description; 0: that does not say.
    std::uint16_t usual_port = 0;
    // Who is calling; needed by any route that is not open or internal.
    authenticator* sessions = nullptr;
    // Without it every internal route answers 401 to the outside.
    internal_tokens const* tokens = nullptr;
    clock const* now = nullptr;       // Null: the system's.
    http_metrics* metrics = nullptr;  // Null: nothing is counted.
};

// What a path leads to. The views belong to the path that was asked about.
struct found_route
{
    // Null: no such path, or another method; then `allowed` says which there are.
    route const* row = nullptr;
    std::array<std::string_view, path_parameters_max> segments =
        {};                    // Raw values of the path's parameters.
    std::string allowed = {};  // "GET, HEAD, PATCH"; empty: no route has this path.
};

// The table of a service's routes. Filled at start-up by one thread, then only read, by all.
class router
{
public:
    explicit router(router_options options);
    ~router();
    router(router const&) = delete;
    router& operator=(router const&) = delete;

    // A row: path template ("/orders/{orderId}/cancel"), who may call it, what it calls, and one
    // line about it. The path struct's members and the template's names must be the same;
    // std::logic_error names the row when they are not, when two rows are the same, or when a
    // handler needs an actor that its access does not give.
    route& get(std::string_view path, access who, bound handler, std::string_view summary);
    route& post(std::string_view path, access who, bound handler, std::string_view summary);
    route& put(std::string_view path, access who, bound handler, std::string_view summary);
    route& patch(std::string_view path, access who, bound handler, std::string_view summary);
    route& del(std::string_view path, access who, bound handler, std::string_view summary);

    void authenticate_with(authenticator& sessions) noexcept { options_.sessions = &sessions; }
    router_options const& options() const noexcept { return options_; }
    std::vector<std::unique_ptr<route>> const& routes() const noexcept { return routes_; }

    // Finds a checked, still encoded path (see request). HEAD finds GET's row.
    found_route find(method verb, std::string_view path) const;
    // authenticate → access and ownership → decode → handler → encode. Never throws; what went
    // wrong is the answer. Works on behalf of this_call(), whose request id is in every error body.
    awaitable<response> answer(request const& in, found_route where) const;

private:
    awaitable<response> answer_row(request const& in, found_route const& where) const;
    route& add(method verb, std::string_view path, access who, bound handler,
               std::string_view summary);

    router_options options_;
    std::vector<std::unique_ptr<route>> routes_;
    std::unique_ptr<route_tree> tree_;
};

// The status of an error on the wire.
int status_of(error_kind kind) noexcept;
// The answer of an error: {"message","requestId","code","errors"?}, with WWW-Authenticate or
// Retry-After where due.
response refusal(error const& why);
// The same for what has no error_kind: 404 of an unknown route, 405, 413, 415, 431 …
response refusal(refused const& why);
response refusal(int status, std::string_view code, std::string_view message);

}  // namespace mc::http
