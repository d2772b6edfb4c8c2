#pragma once

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include "platform/auth/tests/forging.hpp"
#include "platform/auth/waiter.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/database.hpp"

namespace mc::auth_testing
{

// Where a test's coroutines run, on its own thread. Make it before whatever resumes them: a thread
// that has posted a coroutine's end may still be inside the io_context when that coroutine has
// ended.
struct event_loop
{
    template <class T>
    T run(awaitable<T> what)
    {
        std::optional<T> answer;
        std::exception_ptr failure;
        boost::asio::co_spawn(io, std::move(what),
                              [&](std::exception_ptr failed, T value)
                              {
                                  failure = failed;
                                  answer.emplace(std::move(value));
                              });
        io.restart();
        io.run();
        if (failure)
            std::rethrow_exception(failure);
        REQUIRE(answer);
        return std::move(*answer);
    }

    boost::asio::io_context io;
};

// A service's database with the platform's tables, in a folder of its own that goes with it.
struct service_database : event_loop
{
    service_database()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "mc_auth_XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
        db = database::open({.name = "order",
                             .producer = "order-service",
                             .file = folder / "order.db",
                             .migrations = {},
                             .now = clock});
    }
    ~service_database()
    {
        db->close();
        db.reset();
        std::filesystem::remove_all(folder);
    }
    service_database(service_database const&) = delete;
    service_database& operator=(service_database const&) = delete;

    std::filesystem::path folder;
    fake_clock clock{now};
    std::unique_ptr<database> db;
};

// Lets the coroutine go on as the call of this request, as the server does for a handler.
inline awaitable<> become(std::string request_id)
{
    co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(
        [request_id](auto handler)
        {
            call_scope const scope({.service = "order",
                                    .request_id = small_text<64>{request_id},
                                    .traceparent = {},
                                    .deadline = steady_time::max()});
            waiter(std::move(handler)).go();
        },
        boost::asio::use_awaitable);
}

}  // namespace mc::auth_testing
