#include <algorithm>
#include <stdexcept>

#include <boost/asio/io_context.hpp>

#include "platform/core/text.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/host_parts.hpp"
#include "platform/runtime/logs.hpp"

// How the parts of a host are put together, service by service.
namespace mc
{
namespace
{

std::vector<std::string> cors_origins(config const& settings)
{
    std::string const listed = settings.text("CORS_ALLOWED_ORIGINS");
    if (listed == "*")
        return {};
    return comma_separated(listed);
}

smtp_security security_of(std::string_view word)
{
    if (word == "none")
        return smtp_security::none;
    return word == "tls" ? smtp_security::tls : smtp_security::starttls;
}

mail_options mail_from(config const& settings, std::filesystem::path const& data_dir)
{
    mail_options options{.smtp = std::nullopt,
                         .folder = data_dir / "mail",
                         .from = settings.text("EMAIL_FROM"),
                         .from_name = settings.text("EMAIL_FROM_NAME")};
    if (std::string const host = settings.text("SMTP_HOST"); !host.empty())
    {
        std::optional<secret> const password = settings.hidden("SMTP_PASSWORD");
        options.smtp =
            smtp_options{.host = host,
                         .port = static_cast<std::uint16_t>(settings.number("SMTP_PORT")),
                         .user = settings.text("SMTP_USER"),
                         .password = password.value_or(secret()),
                         .security = security_of(settings.text("SMTP_SECURITY"))};
    }
    return options;
}

// GET /auth/session of the service that keeps sessions, for whoever has to ask it.
struct session_asker
{
    std::shared_ptr<http::service_client> keeper;
    std::string_view name;
    milliseconds timeout;
};

awaitable<result<session_reply>> ask_session(session_asker asks, std::string authorization)
{
    http::client_request request{.target = "/auth/session",
                                 .authorization = std::move(authorization),
                                 .audience = asks.name,
                                 .timeout = asks.timeout};
    result<http::client_reply> const reply = co_await asks.keeper->send(std::move(request));
    if (!reply)
        co_return reply.error();
    co_return session_reply{.status = reply->status,
                            .body = reply->body,
                            .retry_after_seconds = reply->retry_after_seconds};
}

}  // namespace

void host_parts::open_unit(unit& made, service_info const& info)
{
    made.info = &info;
    made.db = open_database(info, options.settings, data_dir, options.now);
    http_metrics& counts = measured.http(info.wire_name, options.now.now());
    made.routes =
        std::make_unique<http::router>(http::router_options{.service = std::string(info.name),
                                                            .usual_port = info.port,
                                                            .tokens = &internal,
                                                            .now = &options.now,
                                                            .metrics = &counts});
}

void host_parts::wire_unit(unit& made)
{
    unit* const of = &made;
    service_environment const environment{
        .name = made.info->name,
        .settings = options.settings,
        .now = options.now,
        .db = *made.db,
        .passwords = passwords,
        .tokens = tokens,
        .internal = internal,
        .client_of = [this, of](std::string_view service) { return client_of(*of, service); },
        .is_there = [this](std::string_view service) { return is_there(service); },
        .wake_due_work =
            [of]
        {
            if (of->does_due_work)
                of->does_due_work->wake();
        }};
    made.runs = made.info->make(environment);
    add_common_routes(made);
    made.runs->add_routes(*made.routes);
    made.runs->add_subscriptions(made.subscriptions);
    connect_events(made);
    choose_authenticator(made);
    listen(made);
    watch(made);
}

void host_parts::connect_events(unit& made)
{
    relay_options sending{.names = names()};
    if (!kafka_brokers(options.settings))
        sending.shared_timer = sending.lease_lasts / 3;  // No other process can be there.
    made.to_log = std::make_unique<relay>(*made.db, *log, std::move(sending));
    unit* const of = &made;
    made.db->on_commit(
        [of]
        {
            of->to_log->wake();
            if (of->to_mail)
                of->to_mail->wake();
            if (of->does_due_work)
                of->does_due_work->wake();
        });
    std::string const group = group_of(*made.info, options.settings);
    made.from_log = std::make_unique<consumer>(
        *made.db, *log, made.subscriptions,
        consumer_options{.group = group, .now = options.now, .names = names()});
    if (made.info->mail == sends_mail::yes)
        made.to_mail = std::make_unique<mail_sender>(*made.db, options.now,
                                                     mail_from(options.settings, data_dir));
    if (made.info->due_work == has_due_work::yes)
        made.does_due_work = std::make_unique<due_worker>(
            [of](timestamp now) { return of->runs->do_due_work(now); },
            due_worker_options{.name = std::string(made.info->name), .now = options.now});
}

void host_parts::add_common_routes(unit& made)
{
    unit const* const of = &made;
    made.common = std::make_unique<http::common_routes>(
        *made.routes, http::common_options{.wire_name = std::string(made.info->wire_name),
                                           .version = options.version,
                                           .now = &options.now,
                                           .started_at = options.now.now(),
                                           .measured = &measured,
                                           .ready = [this, of] { return ready(*of); }});
}

void host_parts::choose_authenticator(unit& made)
{
    if (authenticator* const own = made.runs->own_authenticator())
    {
        made.routes->authenticate_with(*own);
        return;
    }
    session_asker const asks{client_of(made, session_keeper().name), session_keeper().name,
                             options.settings.duration("AUTH_TIMEOUT_MS", made.info->name)};
    made.asks_user_service = std::make_unique<remote_authenticator>(
        [asks](std::string authorization) { return ask_session(asks, std::move(authorization)); });
    if (options.settings.text("AUTH_MODE", made.info->name) == "remote")
    {
        made.routes->authenticate_with(*made.asks_user_service);
        return;
    }
    consumer* const follows = made.from_log.get();
    made.verifies_here = std::make_unique<local_authenticator>(
        local_authenticator::parts{.keys = tokens,
                                   .db = *made.db,
                                   .now = options.now,
                                   .caught_up = [follows] { return follows->caught_up(); },
                                   .until_then = made.asks_user_service.get()});
    made.routes->authenticate_with(*made.verifies_here);
}

void host_parts::listen(unit& made)
{
    config const& settings = options.settings;
    std::string_view const name = made.info->name;
    http::server_limits limits;
    limits.connections = static_cast<std::size_t>(settings.number("MAX_CONNECTIONS", name));
    limits.connections_per_address =
        static_cast<std::size_t>(settings.number("MAX_CONNECTIONS_PER_ADDRESS", name));
    made.listens = std::make_unique<http::server>(
        threads, *made.routes,
        http::server_options{.name = std::string(name),
                             .host = settings.text("HOST", name),
                             .port = port_of(*made.info, settings),
                             .limits = limits,
                             .rate = {.requests = settings.number("RATE_LIMIT_MAX", name),
                                      .window = settings.duration("RATE_LIMIT_WINDOW_MS", name)},
                             .trusted_proxies = comma_separated(settings.text("TRUSTED_PROXIES")),
                             .cors_origins = cors_origins(settings),
                             .tokens = &internal,
                             .audience = std::string(name),
                             .now = &options.now});
}

service_info const& host_parts::session_keeper() const
{
    auto const keeps =
        std::ranges::find(options.known, keeps_sessions::yes, &service_info::sessions);
    if (keeps == options.known.end())
        throw std::logic_error("no service keeps sessions");
    return **keeps;
}

past host_parts::what_was() const
{
    past known{.log = *log, .names = names(), .databases = {}};
    for (std::unique_ptr<unit> const& each : units)
        known.databases.push_back(each->db.get());
    return known;
}

topic_names host_parts::names() const
{
    topic_names actual;
    for (service_info const* info : options.known)
        for (told_topic const& topic : info->topics)
            actual.rename(std::string(topic.name), options.settings.text(topic.setting));
    return actual;
}

std::vector<std::string> host_parts::all_topics() const
{
    std::vector<std::string> all;
    for (service_info const* info : options.known)
        for (told_topic const& topic : info->topics)
            all.push_back(options.settings.text(topic.setting));
    return all;
}

void stop_unit(unit& running)
{
    running.from_log->stop();
    running.to_log->stop();
    if (running.to_mail)
        running.to_mail->stop();
    if (running.does_due_work)
        running.does_due_work->stop();
    running.db->close();
}

}  // namespace mc
