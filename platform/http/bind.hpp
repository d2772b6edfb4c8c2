#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "platform/core/result.hpp"
#include "platform/http/decode.hpp"
#include "platform/http/encode.hpp"
#include "platform/http/endpoint.hpp"
#include "platform/http/facts.hpp"

// Makes an endpoint of a typed handler. Include it (through router.hpp) in the file with the table
// of routes only.
namespace mc::http
{

template <class D, class R, class... A>
using handler_function = awaitable<result<R>> (*)(D& use, A... arguments);

template <class D, class R, class... A>
class bound_handler final : public endpoint
{
public:
    bound_handler(D& use, handler_function<D, R, A...> call) noexcept : use_(use), call_(call) {}

    awaitable<response> run(exchange& at) const override
    {
        std::tuple<A...> values;
        std::optional<error> refused = decode_all(at, values, std::index_sequence_for<A...>{});
        if (refused)
            co_return refusal(*refused);
        awaitable<result<R>> running = start(std::move(values), std::index_sequence_for<A...>{});
        result<R> answered = co_await std::move(running);
        if (!answered)
            co_return refusal(answered.error());
        if constexpr (std::is_void_v<R>)
            co_return encoded(no_content{});
        else
            co_return encoded(std::move(*answered));
    }

private:
    // In the order of the wrapper, not of the parameters: the path and whose it is, then the query,
    // then the body.
    template <std::size_t... I>
    static std::optional<error> decode_all(exchange& at, std::tuple<A...>& values,
                                           std::index_sequence<I...>)
    {
        decoder from{at};
        (from.read_path(std::get<I>(values)), ...);
        from.check_owner();
        (from.read_query(std::get<I>(values)), ...);
        (from.read_body(std::get<I>(values)), ...);
        (from.read_rest(std::get<I>(values)), ...);
        return from.refused();
    }

    template <std::size_t... I>
    awaitable<result<R>> start(std::tuple<A...> values, std::index_sequence<I...>) const
    {
        return call_(use_, std::move(std::get<I>(values))...);
    }

    D& use_;
    handler_function<D, R, A...> call_;
};

// bind(use, cancel_order): `use` outlives the router. The operationId is then given with
// route::named, else made of the method and the path.
template <class D, class R, class... A>
bound bind(D& use, awaitable<result<R>> (*handler)(D&, A...))
{
    static_assert((is_parameter<A> && ...),
                  "a handler takes only what platform/http/handler.hpp lists");
    return {std::make_unique<bound_handler<D, R, A...>>(use, handler), facts_of<R, A...>()};
}

// bind<cancel_order>(use): the same, and the handler's name is the operationId. Prefer it.
template <auto Handler, class D>
bound bind(D& use)
{
    bound made = bind(use, Handler);
    made.facts.name = function_name<Handler>();
    return made;
}

}  // namespace mc::http
