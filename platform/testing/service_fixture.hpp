#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/auth/internal_tokens.hpp"
#include "platform/auth/passwords.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "platform/events/event.hpp"
#include "platform/events/outbox.hpp"
#include "platform/events/recorded.hpp"
#include "platform/events/subscriptions.hpp"
#include "platform/http/client.hpp"
#include "platform/http/router.hpp"
#include "platform/json/write.hpp"
#include "platform/runtime/service.hpp"

namespace mc::testing
{

// What a test got back. `body` is the whole JSON text.
struct test_reply
{
    int status = 0;
    std::string body;
    std::vector<http::header> headers;

    std::string header(std::string_view name) const;  // Empty when it is not there.
    std::string message() const;                      // The `message` of an error body.
    std::string code() const;
    // The value of a top-level member as JSON text: member("id") is "7", member("status")
    // "\"paid\"".
    std::string member(std::string_view name) const;
    std::int64_t number(std::string_view name) const;
    // Names of the top-level members in their order, comma separated.
    std::string members() const;
};

// Another service, as the test says it behaves: answers by method and path, 502 for anything
// else.
class fake_service
{
public:
    void answers(http::method verb, std::string target, int status, std::string body);
    void is_down() noexcept { down_ = true; }
    // Says what it answers call by call instead; an error: no answer came.
    using behaviour = std::function<result<http::client_reply>(http::client_request const&)>;
    void behaves(behaviour as) { behaves_ = std::move(as); }
    std::vector<http::client_request> const& calls() const noexcept { return calls_; }

private:
    friend class fake_client;
    std::map<std::string, http::client_reply> replies_;
    std::vector<http::client_request> calls_;
    behaviour behaves_;
    bool down_ = false;
};

// One service alone: its real router, real SQL in a folder of its own, real tokens; a clock that
// the test moves, other services that the test plays, and an outbox that nobody empties. Nothing
// listens.
class service_fixture
{
public:
    // `neighbours`: the services it is told of (service_environment::is_there).
    explicit service_fixture(service_info const& of,
                             std::map<std::string, std::string> settings = {},
                             std::vector<std::string> neighbours = {});
    ~service_fixture();
    service_fixture(service_fixture const&) = delete;
    service_fixture& operator=(service_fixture const&) = delete;

    // Speaks as somebody, or as nobody.
    class speaker
    {
    public:
        test_reply get(std::string const& target) const
        {
            return send(http::method::get, target, "");
        }
        test_reply del(std::string const& target) const
        {
            return send(http::method::del, target, "");
        }
        test_reply post(std::string const& target, std::string const& body = "") const
        {
            return send(http::method::post, target, body);
        }
        test_reply put(std::string const& target, std::string const& body) const
        {
            return send(http::method::put, target, body);
        }
        test_reply patch(std::string const& target, std::string const& body = "") const
        {
            return send(http::method::patch, target, body);
        }
        speaker with_key(std::string idempotency_key) const;
        speaker if_none_match(std::string etag) const;
        speaker if_match(std::string etag) const;
        speaker as_service() const;  // With an internal token.
        speaker from(std::string address) const;

    private:
        friend class service_fixture;
        test_reply send(http::method verb, std::string const& target,
                        std::string const& body) const;
        service_fixture* of_ = nullptr;
        std::string authorization_;
        std::optional<std::string> key_;
        std::string if_none_match_;
        std::string if_match_;
        http::internal_call internal_ = http::internal_call::no;
        std::string address_ = "203.0.113.9";
    };
    speaker nobody();
    speaker as(actor who);  // With a fresh token of session epoch 0.
    speaker as(std::int64_t user_id, role as_role = role::user)
    {
        return as(actor{id_of<user>(user_id), as_role});
    }
    speaker with_token(std::string token);  // "Bearer " is put before it.

    // What the service told, oldest first.
    template <event_struct E>
    std::vector<E> published()
    {
        return recorded<E>(*db_);
    }
    std::vector<std::string> published_values(std::string_view event_type)
    {
        return recorded_values(*db_, event_type);
    }

    // Has the service take in an event, as the consumer would: handlers in one transaction. The
    // first handler's refusal undoes it and comes back.
    result<> hear(std::string_view value, event_meta const& meta, event_type const& type);
    template <event_struct E>
    result<> hear(E const& told)
    {
        return hear_of(clock.now(), told);
    }
    // The same of something that happened then.
    template <event_struct E>
    result<> hear_of(timestamp then, E const& told)
    {
        envelope const head{.event_id = "00000000-0000-4000-8000-000000000000",
                            .event_type = std::string(E::type.name),
                            .event_version = E::type.version,
                            .occurred_at = then,
                            .producer = "test"};
        std::string value;
        write_envelope_head(value, head);
        json::write(value, told);
        value += '}';
        event_meta const meta{.event_id = head.event_id,
                              .occurred_at = head.occurred_at,
                              .producer = head.producer,
                              .aggregate_version = aggregate_version_of(told),
                              .traceparent = {}};
        return hear(value, meta, E::type);
    }

    database& db() noexcept { return *db_; }
    service& runs() noexcept { return *service_; }
    token_keys const& tokens() const noexcept { return tokens_; }
    fake_service& other(std::string const& service) { return others_[service]; }
    subscription_table const& subscriptions() const noexcept { return subscriptions_; }

    fake_clock clock{from_epoch_ms(1'767'225'600'000)};  // 2026-01-01T00:00:00.000Z

private:
    struct folder;
    std::unique_ptr<folder> folder_;
    std::unique_ptr<config> settings_;
    token_keys tokens_;
    internal_tokens internal_;
    password_pool passwords_;
    std::vector<std::string> neighbours_;
    std::map<std::string, fake_service> others_;
    std::unique_ptr<database> db_;
    std::unique_ptr<http::router> router_;
    std::unique_ptr<service> service_;
    std::unique_ptr<authenticator> sessions_;
    subscription_table subscriptions_;
};

}  // namespace mc::testing
