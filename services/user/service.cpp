#include "services/user/service.hpp"

#include "platform/core/error.hpp"
#include "platform/observe/log.hpp"
#include "services/user/actions/create_admin.hpp"
#include "services/user/actions/leave_out_lost_numbers.hpp"
#include "services/user/demo/seed.hpp"
#include "services/user/deps.hpp"
#include "services/user/http/routes.hpp"
#include "services/user/sessions.hpp"
#include "services/user/store/login_places.hpp"
#include "services/user/store/password_failures.hpp"
#include "services/user/store/password_resets.hpp"
#include "services/user/store/server_keys.hpp"
#include "user_migrations.hpp"

namespace mc::user_service
{
namespace
{

constexpr setting settings[] = {
    {"OTP_TTL_MINUTES", setting_kind::whole_number, "10",
     "How long a mailed password reset code is good (minutes)", 1, 60},
};

constexpr setting shared_settings[] = {
    {"USER_SERVICE_URL", setting_kind::service_url, "",
     "Where the user service is; default http://localhost:3001"},
    {"KAFKA_USER_EVENTS_TOPIC", setting_kind::text, "user-events",
     "Topic of the user service's events"},
};
constexpr told_topic topics[] = {{"user-events", "KAFKA_USER_EVENTS_TOPIC"}};

server_key key_of(service_environment const& of)
{
    result<secret> made = of.db.write_now(server_keys::get_or_make, "hmac", of.now.now());
    return server_key(std::move(made.value()));
}

class user_service final : public service
{
public:
    explicit user_service(service_environment const& of)
        : use_{of.db,        of.now,
               of.passwords, of.tokens,
               key_of(of),   std::chrono::minutes(of.settings.number("OTP_TTL_MINUTES", of.name))},
          sessions_(of.tokens, of.db, of.now)
    {}

    void add_routes(http::router& to) override { mc::user_service::add_routes(to, use_); }
    void add_subscriptions(subscription_table&) override {}  // It listens to nobody.
    authenticator* own_authenticator() override { return &sessions_; }

    void recall(past const& known) override
    {
        not_recalled_ = &known;
        leave_out_lost_numbers();
    }

    void tidy_up() override
    {
        leave_out_lost_numbers();
        timestamp const now = use_.clock.now();
        (void)use_.db.write_now(password_failures::purge, now - failures_kept_for);
        (void)use_.db.write_now(login_places::purge, now - own_place_kept_for);
        (void)use_.db.write_now(password_resets::purge, now - password_resets::kept_for);
    }

    result<std::string> command(std::string_view verb,
                                std::span<std::string const> arguments) override
    {
        if (verb == "create-admin")
            return actions::create_admin(use_, arguments);
        return service::command(verb, arguments);
    }

    void seed_demo(demo_world& world) override { seed_accounts(use_, world); }

private:
    // Again with the next tidying, should the log be away: that is no reason not to start.
    void leave_out_lost_numbers()
    {
        if (not_recalled_ == nullptr)
            return;
        try
        {
            actions::leave_out_lost_numbers(use_, *not_recalled_);
            not_recalled_ = nullptr;
        }
        catch (outage const& away)
        {
            log_warning("accounts_not_compared_with_the_log",
                        {{"why", std::string_view(away.what())}});
        }
    }

    deps use_;
    own_sessions sessions_;
    past const* not_recalled_ = nullptr;
};

std::unique_ptr<service> make(service_environment const& of)
{
    return std::make_unique<user_service>(of);
}

}  // namespace

service_info const& info()
{
    static constexpr service_info user{.name = "user",
                                       .wire_name = "user-service",
                                       .port = 3001,
                                       .migrations = user_migrations,
                                       .settings = settings,
                                       .make = make,
                                       .mail = sends_mail::yes,
                                       .sessions = keeps_sessions::yes,
                                       .shared_settings = shared_settings,
                                       .topics = topics};
    return user;
}

}  // namespace mc::user_service
