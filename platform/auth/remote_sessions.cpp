#include <exception>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/auth/bearer.hpp"
#include "platform/auth/refusals.hpp"
#include "platform/auth/sessions.hpp"
#include "platform/auth/waiter.hpp"
#include "platform/json/read.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

struct session_user
{
    id_of<user> id;
    mc::role role;
};
MC_DESCRIBE(session_user, id, role)

struct session_view
{
    session_user user;
};
MC_DESCRIBE(session_view, user)

struct refusal_view
{
    std::string message;
};
MC_DESCRIBE(refusal_view, message)

std::optional<error_kind> kind_of_refusal(int status) noexcept
{
    switch (status)
    {
    case 400: return error_kind::invalid;
    case 401: return error_kind::unauthenticated;
    case 403: return error_kind::forbidden;
    case 404: return error_kind::not_found;
    case 429: return error_kind::throttled;
    default:  return std::nullopt;
    }
}

result<actor> actor_in(session_reply const& reply)
{
    if (reply.status == 200)
    {
        result<session_view> const session = json::parse<session_view>(reply.body);
        if (!session)
            return auth_unavailable();
        return actor{session->user.id, session->user.role};
    }
    std::optional<error_kind> const kind = kind_of_refusal(reply.status);
    result<refusal_view> refusal = json::parse<refusal_view>(reply.body);
    if (!kind || !refusal)
        return auth_unavailable();
    error refused{*kind, "auth.refused", std::move(refusal->message)};
    if (*kind == error_kind::throttled)
        refused.retry_after_seconds = std::max(1, reply.retry_after_seconds);
    return refused;
}

// One question on its way, and those who wait for its answer beside the one who asked.
struct flight
{
    std::optional<result<actor>> answer;  // Set under the lock, before anybody is woken.
    std::vector<waiter> waiting;
};

}  // namespace

error auth_unavailable()
{
    return {error_kind::bad_gateway, "auth.unavailable", "Auth service unavailable"};
}

struct remote_authenticator::state
{
    session_call ask;
    std::mutex lock;
    std::map<std::string, std::shared_ptr<flight>, std::less<>> flights;

    // Ends a flight whichever way the one who asks ends: with an answer; or without, when its
    // coroutine is destroyed, which happens only as the process stops: then those who wait are
    // dropped with it.
    class landing
    {
    public:
        landing(std::shared_ptr<state> of, std::string token, std::shared_ptr<flight> which)
            : of_(std::move(of)), token_(std::move(token)), flight_(std::move(which))
        {}
        landing(landing const&) = delete;
        landing& operator=(landing const&) = delete;
        ~landing()
        {
            if (!landed_)
                land(std::nullopt);
        }

        void with(result<actor> const& answer)
        {
            for (waiter& each : land(answer))
                std::move(each).go();
        }

    private:
        std::vector<waiter> land(std::optional<result<actor>> answer)
        {
            std::lock_guard const held(of_->lock);
            landed_ = true;
            flight_->answer = std::move(answer);
            of_->flights.erase(token_);
            return std::exchange(flight_->waiting, {});
        }

        std::shared_ptr<state> of_;
        std::string token_;
        std::shared_ptr<flight> flight_;
        bool landed_ = false;
    };

    // The flight for this token; makes it when there is none.
    std::pair<std::shared_ptr<flight>, bool> board(std::string const& token)
    {
        std::lock_guard const held(lock);
        auto const [found, is_first] = flights.try_emplace(token);
        if (is_first)
            found->second = std::make_shared<flight>();
        return {found->second, is_first};
    }

    // Adds to those who wait, unless the answer is there already.
    bool join(flight& which, waiter& who)
    {
        std::lock_guard const held(lock);
        if (which.answer)
            return false;
        which.waiting.push_back(std::move(who));
        return true;
    }
};

namespace
{

awaitable<result<actor>> ask_once(session_call const& ask, std::string header)
{
    try
    {
        result<session_reply> const reply = co_await ask(std::move(header));
        if (reply)
            co_return actor_in(*reply);
        log_warning("session_check_failed", {{"code", reply.error().code}});
    }
    catch (std::exception const& failed)
    {
        log_warning("session_check_failed", {{"why", failed.what()}});
    }
    co_return auth_unavailable();
}

}  // namespace

remote_authenticator::remote_authenticator(session_call ask) : state_(std::make_shared<state>())
{
    state_->ask = std::move(ask);
}

remote_authenticator::~remote_authenticator() = default;

awaitable<result<actor>> remote_authenticator::authenticate(std::string_view authorization_header)
{
    result<std::string_view> const token = bearer_token(authorization_header);
    if (!token)
        co_return token.error();

    std::shared_ptr<state> const shared = state_;
    std::string const key(*token);
    std::pair<std::shared_ptr<flight>, bool> const boarded = shared->board(key);
    std::shared_ptr<flight> const shared_flight = boarded.first;
    if (boarded.second)
    {
        state::landing landing(shared, key, shared_flight);
        result<actor> answer = co_await ask_once(shared->ask, "Bearer " + key);
        landing.with(answer);
        co_return answer;
    }

    co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(
        [shared, shared_flight](auto handler)
        {
            waiter who(std::move(handler));
            if (!shared->join(*shared_flight, who))
                std::move(who).go();
        },
        boost::asio::use_awaitable);
    co_return *shared_flight->answer;
}

}  // namespace mc
