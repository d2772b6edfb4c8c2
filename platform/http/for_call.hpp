#pragma once

#include <utility>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "platform/observe/call.hpp"

namespace mc::http
{

// How the coroutines of this folder wait for Asio: `co_await socket.async_read_some(room,
// for_call{call, failed})`. Whoever waits goes on with `call` as this_call(), in a scope that ends
// when it waits again, so that nothing is left behind on the thread; and an error is put aside in
// `failed` instead of thrown.
struct for_call
{
    call_context call;
    boost::system::error_code& failed;
};

template <class Handler>
struct resumed_for
{
    Handler inner;
    call_context call;
    boost::system::error_code* failed;

    template <class... T>
    void operator()(boost::system::error_code error, T... values)
    {
        *failed = error;
        call_scope const scope(call);
        std::move(inner)(std::move(values)...);
    }
};

}  // namespace mc::http

template <class... T>
struct boost::asio::async_result<mc::http::for_call, void(boost::system::error_code, T...)>
{
    using return_type = typename async_result<use_awaitable_t<>, void(T...)>::return_type;

    template <class Initiation, class... Args>
    static return_type initiate(Initiation initiation, mc::http::for_call whose, Args... args)
    {
        use_awaitable_t<> token;
        return async_initiate<use_awaitable_t<>, void(T...)>(
            [call = whose.call, failed = &whose.failed](auto handler, Initiation start,
                                                        Args... given)
            {
                std::move(start)(
                    mc::http::resumed_for<decltype(handler)>{std::move(handler), call, failed},
                    std::move(given)...);
            },
            token, std::move(initiation), std::move(args)...);
    }
};

template <template <class, class> class Associator, class Handler, class Default>
struct boost::asio::associator<Associator, mc::http::resumed_for<Handler>, Default>
    : Associator<Handler, Default>
{
    static auto get(mc::http::resumed_for<Handler> const& of) noexcept
    {
        return Associator<Handler, Default>::get(of.inner);
    }
    static auto get(mc::http::resumed_for<Handler> const& of, Default const& otherwise) noexcept
    {
        return Associator<Handler, Default>::get(of.inner, otherwise);
    }
};
