#pragma once

#include <array>
#include <atomic>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "platform/events/outbox.hpp"
#include "platform/http/router.hpp"
#include "platform/json/describe.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/service.hpp"
#include "platform/runtime/tests/fixture.hpp"

// A service that knows nothing about commerce, twice: as "user" and as "cart", so that one can tell
// the other something.
namespace mc::runtime_test
{

struct sample_told
{
    static constexpr event_type type{"SAMPLE_TOLD", 1, "user-events"};
    std::int64_t number;
    std::string key() const { return "sample"; }
};
MC_DESCRIBE(sample_told, number)

struct sample_deps
{
    std::string name;
    database& db;
    std::atomic<std::int64_t> heard{0};  // The last number.
};

struct hello_view
{
    std::string service;
    std::int64_t heard;
};
MC_DESCRIBE(hello_view, service, heard)

struct me_view
{
    id_of<user> id;
};
MC_DESCRIBE(me_view, id)

inline result<sample_told> tell_number(transaction& tx, std::int64_t number)
{
    sample_told const told{number};
    outbox::add(tx, told);
    return told;
}

inline awaitable<result<hello_view>> say_hello(sample_deps& use)
{
    co_return hello_view{use.name, use.heard};
}

inline awaitable<result<sample_told>> tell(sample_deps& use, http::body<sample_told> wanted)
{
    result<sample_told> const told = co_await use.db.write(tell_number, wanted.number);
    co_return told;
}

inline awaitable<result<me_view>> show_me(sample_deps&, actor who)
{
    co_return me_view{who.user_id};
}

inline result<> remember_number(transaction&, sample_deps& use, sample_told const& told)
{
    use.heard = told.number;
    return result<>{};
}

class sample_service final : public service
{
public:
    explicit sample_service(service_environment const& of)
        : use_{.name = std::string(of.name), .db = of.db},
          tokens_(of.tokens),
          knows_(of.is_there),
          wake_(of.wake_due_work)
    {}

    void add_routes(http::router& to) override
    {
        to.get("/hello", http::access::open, http::bind<say_hello>(use_), "Who is there?");
        to.post("/tell", http::access::open, http::bind<tell>(use_), "Tell a number");
        to.get("/me", http::access::user, http::bind<show_me>(use_), "Who am I?");
    }
    void add_subscriptions(subscription_table& to) override
    {
        subscriptions<sample_deps>(to, use_).on<sample_told>(remember_number);
    }
    std::optional<timestamp> do_due_work(timestamp) override
    {
        ++due_runs;
        return std::nullopt;
    }
    bool knows(std::string_view service) const { return knows_(service); }
    void wake_due_work() const { wake_(); }
    std::string token(std::int64_t user_id) const
    {
        mc::system_clock const clock;
        actor const who{id_of<user>(user_id), role::user};
        return tokens_.sign(new_token_claims(who, new_pwdv(0), clock.now()));
    }

    std::atomic<int> due_runs{0};

private:
    sample_deps use_;
    token_keys const& tokens_;
    std::function<bool(std::string_view)> knows_;
    std::function<void()> wake_;
};

inline std::unique_ptr<service> make_sample(service_environment const& of)
{
    return std::make_unique<sample_service>(of);
}

inline std::span<migration const> no_migrations() { return {}; }

inline constexpr told_topic sample_topics[] = {{"user-events", "KAFKA_USER_EVENTS_TOPIC"}};

// On any free port.
inline constexpr service_info sample_user{.name = "user",
                                          .wire_name = "user-service",
                                          .port = 0,
                                          .migrations = no_migrations,
                                          .settings = {},
                                          .make = make_sample,
                                          .mail = sends_mail::yes,
                                          .sessions = keeps_sessions::yes,
                                          .shared_settings = sample_settings,
                                          .topics = sample_topics};
inline constexpr service_info sample_cart{.name = "cart",
                                          .wire_name = "cart-service",
                                          .port = 0,
                                          .migrations = no_migrations,
                                          .settings = {},
                                          .make = make_sample,
                                          .due_work = has_due_work::yes};
inline constexpr std::array<service_info const*, 2> samples = {&sample_user, &sample_cart};

struct fetched
{
    int status = 0;  // 0: nobody answered.
    std::string body;
};

// One request on a connection of its own.
inline fetched fetch(std::uint16_t port, std::string_view verb, std::string_view target,
                     std::string_view body = {}, std::string_view token = {})
{
    boost::asio::ip::tcp::iostream wire("127.0.0.1", std::to_string(port));
    wire << verb << ' ' << target << " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    if (!token.empty())
        wire << "Authorization: Bearer " << token << "\r\n";
    wire << "Content-Type: application/json\r\nContent-Length: " << body.size() << "\r\n\r\n"
         << body << std::flush;
    std::string const answer{std::istreambuf_iterator<char>(wire), {}};
    std::size_t const head_end = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.1 ") || head_end == std::string::npos)
        return {};
    return {.status = std::stoi(answer.substr(9, 3)), .body = answer.substr(head_end + 4)};
}

// A host of both samples over a data folder, with the settings it needs.
class running_host
{
public:
    explicit running_host(std::filesystem::path const& data_dir,
                          std::map<std::string, std::string> environment = {})
        : settings(settings_of(with_folder(data_dir, std::move(environment)))),
          runs({.settings = *settings,
                .services = {samples.begin(), samples.end()},
                .known = samples,
                .now = clock,
                .version = "test"})
    {}

    std::uint16_t port(std::string_view service) const
    {
        for (host::place const& at : runs.places())
            if (at.service == service)
                return at.port;
        return 0;
    }
    fetched get(std::string_view service, std::string_view target, std::string_view token = {})
    {
        return fetch(port(service), "GET", target, {}, token);
    }
    bool becomes_ready()
    {
        return eventually([this] { return get("user", "/ready").status == 200; }) &&
               eventually([this] { return get("cart", "/ready").status == 200; });
    }

    mc::system_clock clock;
    std::unique_ptr<config> settings;
    host runs;

private:
    static std::map<std::string, std::string> with_folder(
        std::filesystem::path const& data_dir, std::map<std::string, std::string> environment)
    {
        environment.emplace("DATA_DIR", data_dir.string());
        environment.emplace("HOST", "127.0.0.1");
        environment.emplace("IO_THREADS", "1");
        environment.emplace("LOG_LEVEL", "error");
        return environment;
    }
};

// Why a host over this folder does not start; empty when it does.
inline std::string refusal_of(std::filesystem::path const& data_dir,
                              std::map<std::string, std::string> environment = {})
{
    try
    {
        running_host refused(data_dir, std::move(environment));
        refused.runs.start();
        return {};
    }
    catch (start_refused const& why)
    {
        return why.what();
    }
}

}  // namespace mc::runtime_test
