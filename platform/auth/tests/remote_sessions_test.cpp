#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include "platform/auth/sessions.hpp"
#include "platform/auth/tests/fixture.hpp"
#include "platform/observe/call.hpp"

using namespace mc;
using namespace mc::auth_testing;

namespace
{

std::string outcome(result<actor> const& of)
{
    if (of)
        return "user " + std::to_string(of->user_id.value) + " as " +
               std::string(enum_name(of->role));
    switch (of.error().kind)
    {
    case error_kind::invalid:         return "400 " + of.error().message;
    case error_kind::unauthenticated: return "401 " + of.error().message;
    case error_kind::forbidden:       return "403 " + of.error().message;
    case error_kind::not_found:       return "404 " + of.error().message;
    case error_kind::throttled:
        return "429 " + of.error().message + " after " +
               std::to_string(of.error().retry_after_seconds);
    case error_kind::bad_gateway:         return "502 " + of.error().message;
    case error_kind::conflict:
    case error_kind::precondition_failed:
    case error_kind::key_reused:
    case error_kind::lost_race:
    case error_kind::unavailable:         return "? " + of.error().message;
    }
    return "?";
}

awaitable<result<session_reply>> reply_with(result<session_reply> reply) { co_return reply; }

awaitable<result<session_reply>> fail_with(std::string why)
{
    throw outage(why);
    co_return session_reply{};
}

std::string answer_to(result<session_reply> reply)
{
    remote_authenticator who([reply](std::string) { return reply_with(reply); });
    event_loop loop;
    return outcome(loop.run(who.authenticate("Bearer a.b.c")));
}

// A user service that answers when it is told to.
struct slow_service
{
    explicit slow_service(boost::asio::io_context& io) : gate(io)
    {
        gate.expires_at(steady_time::max());
    }

    static awaitable<result<session_reply>> wait_and_reply(slow_service& self, std::string header)
    {
        ++self.asked[header];
        boost::system::error_code ignored;
        co_await self.gate.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        co_return session_reply{200, R"({"user":{"id":14,"role":"user"}})"};
    }

    boost::asio::steady_timer gate;
    std::map<std::string, int> asked;
};

struct seen
{
    std::string outcome;
    std::string request_id;
};

awaitable<> ask_as(authenticator& who, std::string header, std::string request_id,
                   std::vector<seen>& into)
{
    co_await become(request_id);
    result<actor> const answer = co_await who.authenticate(header);
    into.push_back({outcome(answer), std::string(this_call().request_id.view())});
}

}  // namespace

TEST_CASE("remote_authenticator: the user service's answers come back with status and message")
{
    CHECK(answer_to(session_reply{200, R"({"user":{"id":14,"role":"supplier"}})"}) ==
          "user 14 as supplier");
    CHECK(answer_to(session_reply{
              200, R"({"user":{"id":14,"role":"user","name":"x"},"requestId":"r"})"}) ==
          "user 14 as user");
    CHECK(answer_to(session_reply{401, R"({"message":"jwt expired","requestId":"r"})"}) ==
          "401 jwt expired");
    CHECK(answer_to(session_reply{401, R"({"message":"Token expired after password change"})"}) ==
          "401 Token expired after password change");
    CHECK(answer_to(session_reply{403, R"({"message":"Forbidden"})"}) == "403 Forbidden");
    CHECK(answer_to(session_reply{404, R"({"message":"Route not found: GET /auth/session"})"}) ==
          "404 Route not found: GET /auth/session");
    CHECK(
        answer_to(session_reply{429, R"({"message":"Too many requests, please try again later."})",
                                17}) == "429 Too many requests, please try again later. after 17");
    CHECK(answer_to(session_reply{429, R"({"message":"Slow down"})"}) == "429 Slow down after 1");
}

TEST_CASE("remote_authenticator: no answer, or one that makes no sense, is 502")
{
    constexpr std::string_view unavailable = "502 Auth service unavailable";
    CHECK(answer_to(error{error_kind::unavailable, "http.timeout", "timed out"}) == unavailable);
    CHECK(answer_to(session_reply{500, R"({"message":"Internal server error"})"}) == unavailable);
    CHECK(answer_to(session_reply{302, ""}) == unavailable);
    CHECK(answer_to(session_reply{200, ""}) == unavailable);
    CHECK(answer_to(session_reply{200, "<html>"}) == unavailable);
    CHECK(answer_to(session_reply{200, R"({"user":{"id":0,"role":"user"}})"}) == unavailable);
    CHECK(answer_to(session_reply{200, R"({"user":{"id":14,"role":"root"}})"}) == unavailable);
    CHECK(answer_to(session_reply{200, R"({"user":null})"}) == unavailable);
    CHECK(answer_to(session_reply{401, "<html>"}) == unavailable);
    CHECK(answer_to(session_reply{401, R"({"message":7})"}) == unavailable);

    event_loop loop;
    remote_authenticator failing([](std::string) { return fail_with("connection refused"); });
    CHECK(outcome(loop.run(failing.authenticate("Bearer a.b.c"))) == unavailable);
}

TEST_CASE("remote_authenticator: without a token nobody is asked; with one, it is passed on")
{
    event_loop loop;
    std::vector<std::string> headers;
    remote_authenticator who(
        [&](std::string header)
        {
            headers.push_back(header);
            return reply_with(session_reply{200, R"({"user":{"id":14,"role":"user"}})"});
        });
    CHECK(outcome(loop.run(who.authenticate(""))) == "401 Unauthorized");
    CHECK(outcome(loop.run(who.authenticate("Basic x"))) == "401 Unauthorized");
    CHECK(headers.empty());
    CHECK(outcome(loop.run(who.authenticate("bearer   a.b.c"))) == "user 14 as user");
    CHECK(headers == std::vector<std::string>{"Bearer a.b.c"});
    CHECK(outcome(loop.run(who.authenticate("Bearer a.b.c"))) == "user 14 as user");
    CHECK(headers.size() == 2);
}

TEST_CASE("remote_authenticator: callers with one token share a question, each goes on as itself")
{
    boost::asio::io_context io;
    slow_service service(io);
    remote_authenticator who([&](std::string header)
                             { return slow_service::wait_and_reply(service, std::move(header)); });
    std::vector<seen> answers;
    for (int i = 0; i < 5; ++i)
        boost::asio::co_spawn(io,
                              ask_as(who, "Bearer a.b.c", "alice-" + std::to_string(i), answers),
                              boost::asio::detached);
    boost::asio::co_spawn(io, ask_as(who, "Bearer other", "bob", answers), boost::asio::detached);
    io.poll();
    CHECK(service.asked == std::map<std::string, int>{{"Bearer a.b.c", 1}, {"Bearer other", 1}});
    CHECK(answers.empty());

    service.gate.cancel();
    io.restart();
    io.run();
    REQUIRE(answers.size() == 6);
    std::vector<std::string> calls;
    for (seen const& each : answers)
    {
        CHECK(each.outcome == "user 14 as user");
        calls.push_back(each.request_id);
    }
    // The first goes on as whoever answered it says; the platform's client keeps the call, this one
    // does not.
    for (std::string const sharing : {"alice-1", "alice-2", "alice-3", "alice-4"})
        CHECK(std::ranges::count(calls, sharing) == 1);
}

TEST_CASE("remote_authenticator: when the process stops midway, those who wait are dropped")
{
    std::vector<seen> answers;
    std::unique_ptr<boost::asio::io_context> io = std::make_unique<boost::asio::io_context>();
    std::unique_ptr<slow_service> service = std::make_unique<slow_service>(*io);
    remote_authenticator who([&](std::string header)
                             { return slow_service::wait_and_reply(*service, std::move(header)); });
    for (int i = 0; i < 3; ++i)
        boost::asio::co_spawn(*io, ask_as(who, "Bearer a.b.c", "alice", answers),
                              boost::asio::detached);
    io->poll();
    service.reset();
    io.reset();
    CHECK(answers.empty());
}
