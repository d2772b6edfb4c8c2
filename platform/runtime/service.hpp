#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/internal_tokens.hpp"
#include "platform/auth/passwords.hpp"
#include "platform/auth/sessions.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "platform/db/migrate.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/subscriptions.hpp"
#include "platform/http/client.hpp"
#include "platform/http/router.hpp"
#include "platform/runtime/config.hpp"

namespace mc
{

struct demo_world;  // contracts/demo_world.hpp: only passed on here.

// What a service is given to live on. Everything outlives the service.
struct service_environment
{
    std::string_view name;  // "order"
    // Read with this service's name: settings.text("CART_TIMEOUT_MS", name).
    config const& settings;
    clock const& now;
    database& db;  // This service's own.
    password_pool& passwords;
    token_keys const& tokens;
    internal_tokens const& internal;
    // How to reach another service by name ("cart"): in this process, or over HTTP by its
    // *_SERVICE_URL.
    std::function<std::unique_ptr<http::service_client>(std::string_view service)> client_of;
    // Whether there is such a service as far as this process has been told: it runs here, or its
    // *_SERVICE_URL is given. For what a shop can do without.
    std::function<bool(std::string_view service)> is_there;
    // There may be due work earlier than do_due_work said. Quick, on any thread; a commit that
    // tells an event does it by itself.
    std::function<void()> wake_due_work;
};

// What a process knows of the past besides a service's own database, which may be an older backup.
// Lives as long as the service.
struct past
{
    event_log& log;
    topic_names names;
    std::vector<database*> databases;  // Of all services that run here.
};

// A service: what it answers, what it listens to, who may call it. Made once, after its database is
// migrated.
class service
{
public:
    virtual ~service() = default;
    virtual void add_routes(http::router& to) = 0;
    virtual void add_subscriptions(subscription_table& to) = 0;
    // Who is calling, for services that know better than the projection of accounts (the user
    // service). Null: the host's own authenticator.
    virtual authenticator* own_authenticator() { return nullptr; }
    // Told once, when everything is wired and nothing listens yet.
    virtual void recall(past const&) {}
    // Work done now and then (purging what is past its time), about once a minute, on a thread of
    // the host's.
    virtual void tidy_up() {}
    // Work that falls due at moments of its own: what waits for a time in a row of the database (an
    // order nobody pays, a hold that lapses). Does what is due at `now` and returns when there is
    // more to do, nothing when none is known; called again by then, when woken, and at least every
    // second. On a thread of the host's, one call at a time; of several copies of a service each
    // does it, so every step is a compare-and-set. Only with has_due_work::yes.
    virtual std::optional<timestamp> do_due_work(timestamp) { return std::nullopt; }
    // What an operator asks of a service on the command line, also of a running one: its words
    // ("create-admin" and so on) and what there is to print, or why not. Refuses words it does not
    // know.
    virtual result<std::string> command(std::string_view verb,
                                        std::span<std::string const> arguments);
    // Puts demonstration data into an empty database. Called by `--demo` and `seed-demo`, in the
    // order of the services, before the listeners open.
    virtual void seed_demo(demo_world&) {}
};

enum class sends_mail
{
    no,
    yes
};

// Whether the service answers GET /auth/session for the others.
enum class keeps_sessions
{
    no,
    yes
};

// Whether the service does something at moments of its own (service::do_due_work).
enum class has_due_work
{
    no,
    yes
};

// A topic that a service tells its events under, and the setting that renames it.
struct told_topic
{
    std::string_view name;     // "order-events"
    std::string_view setting;  // "KAFKA_ORDER_EVENTS_TOPIC", one of `shared_settings`.
};

// One row of the list of all services (apps/microcommerce/serve.cpp).
struct service_info
{
    std::string_view name;       // "order": command line, data file, prefix of variables.
    std::string_view wire_name;  // "order-service": /health, metrics, events' producer.
    std::uint16_t port;          // 3003
    std::span<migration const> (*migrations)();
    std::span<setting const> settings;
    std::unique_ptr<service> (*make)(service_environment const&);
    sends_mail mail = sends_mail::no;
    keeps_sessions sessions = keeps_sessions::no;
    // What every process has to know of this service, also one that does not run it: where it is
    // (<NAME>_SERVICE_URL), and what its topics are called.
    std::span<setting const> shared_settings = {};
    std::span<told_topic const> topics = {};
    has_due_work due_work = has_due_work::no;
};

}  // namespace mc
