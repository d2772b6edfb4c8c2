#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "platform/auth/internal_tokens.hpp"
#include "platform/auth/passwords.hpp"
#include "platform/auth/sessions.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "platform/db/migrate.hpp"
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
    config const&
        settings;  // Read with this service's name: settings.text("CART_TIMEOUT_MS", name).
    clock const& now;
    database& db;  // This service's own.
    password_pool& passwords;
    token_keys const& tokens;
    internal_tokens const& internal;
    // How to reach another service by name ("cart"): in this process, or over HTTP by its
    // *_SERVICE_URL.
    std::function<std::unique_ptr<http::service_client>(std::string_view service)> client_of;
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
    // Work done now and then (purging what is past its time), about once a minute, on a thread of
    // the host's.
    virtual void tidy_up() {}
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
};

}  // namespace mc
