#include "platform/testing/service_fixture.hpp"

#include <algorithm>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "platform/core/random.hpp"
#include "platform/http/target.hpp"
#include "platform/observe/call.hpp"
#include "platform/runtime/settings.hpp"
#include "platform/testing/json_text.hpp"
#include "platform/testing/mysql_place.hpp"

namespace mc::testing
{

// The fake end of one connection to another service.
class fake_client final : public http::service_client
{
public:
    explicit fake_client(fake_service& to) : to_(to) {}

    awaitable<result<http::client_reply>> send(http::client_request request) override
    {
        to_.calls_.push_back(request);
        if (to_.behaves_ && !to_.down_)
            co_return to_.behaves_(request);
        auto const reply = to_.replies_.find(std::string(name_of(request.verb)) + " " +
                                             request.target.substr(0, request.target.find('?')));
        if (to_.down_ || reply == to_.replies_.end())
            co_return error{error_kind::bad_gateway, "client.unreachable", "unreachable"};
        co_return reply->second;
    }

private:
    fake_service& to_;
};

struct service_fixture::folder
{
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("microcommerce-test-" + random_hex(8));
    database_place databases;
    folder() { std::filesystem::create_directories(path); }
    ~folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

namespace
{

std::unique_ptr<config> settings_of(service_info const& of, std::filesystem::path const& folder,
                                    std::map<std::string, std::string> forced)
{
    forced.emplace("DATA_DIR", folder.string());
    config::inputs inputs;
    inputs.dot_env = folder / "none";
    inputs.forced = std::move(forced);
    inputs.services = {std::string(of.name)};
    std::span<setting const> const platform = platform_settings();
    inputs.known.assign(platform.begin(), platform.end());
    inputs.known.insert(inputs.known.end(), of.settings.begin(), of.settings.end());
    result<std::unique_ptr<config>> loaded = config::load(std::move(inputs));
    return std::move(loaded.value());
}

void answer_into(std::exception_ptr& thrown, http::response& made, std::exception_ptr failed,
                 http::response got)
{
    thrown = failed;
    made = std::move(got);
}

}  // namespace

std::string test_reply::header(std::string_view name) const
{
    for (http::header const& each : headers)
        if (each.name == name)
            return each.value;
    return {};
}

std::string test_reply::message() const { return text_member(body, "message"); }

std::string test_reply::code() const { return text_member(body, "code"); }

std::string test_reply::member(std::string_view name) const { return raw_member(body, name); }

std::int64_t test_reply::number(std::string_view name) const
{
    return std::stoll(raw_member(body, name));
}

std::string test_reply::members() const { return member_names(body); }

void fake_service::answers(http::method verb, std::string target, int status, std::string body)
{
    replies_[std::string(name_of(verb)) + " " + target] = {.status = status,
                                                           .body = std::move(body)};
}

service_fixture::service_fixture(service_info const& of,
                                 std::map<std::string, std::string> settings,
                                 std::vector<std::string> neighbours)
    : folder_(std::make_unique<folder>()),
      settings_(settings_of(of, folder_->path, std::move(settings))),
      tokens_(secret("a key that is only used in tests, 32+")),
      internal_(secret("another key that is only used in tests")),
      passwords_({.threads = 1, .queue_max = 64, .cost = {.memory_bytes = 8 * 1024, .passes = 1}}),
      neighbours_(std::move(neighbours))
{
    db_ = folder_->databases.open({.name = std::string(of.name),
                                   .producer = std::string(of.wire_name),
                                   .file = folder_->path / (std::string(of.name) + ".db"),
                                   .migrations = of.migrations(),
                                   .now = clock});
    router_ = std::make_unique<http::router>(http::router_options{.service = std::string(of.name),
                                                                  .sessions = nullptr,
                                                                  .tokens = &internal_,
                                                                  .now = &clock,
                                                                  .metrics = nullptr});
    service_environment const environment{
        .name = of.name,
        .settings = *settings_,
        .now = clock,
        .db = *db_,
        .passwords = passwords_,
        .tokens = tokens_,
        .internal = internal_,
        .client_of = [this](std::string_view other_service)
        { return std::make_unique<fake_client>(others_[std::string(other_service)]); },
        .is_there = [this](std::string_view other_service)
        { return std::ranges::find(neighbours_, other_service) != neighbours_.end(); },
        .wake_due_work = [] {}};
    service_ = of.make(environment);
    sessions_ = std::make_unique<local_authenticator>(local_authenticator::parts{
        .keys = tokens_, .db = *db_, .now = clock, .caught_up = {}, .until_then = nullptr});
    authenticator* const own = service_->own_authenticator();
    router_->authenticate_with(own ? *own : *sessions_);
    service_->add_routes(*router_);
    service_->add_subscriptions(subscriptions_);
}

service_fixture::~service_fixture() { db_->close(); }

service_fixture::speaker service_fixture::nobody()
{
    speaker made;
    made.of_ = this;
    return made;
}

service_fixture::speaker service_fixture::as(actor who)
{
    return with_token(tokens_.sign(new_token_claims(who, new_pwdv(0), clock.now())));
}

service_fixture::speaker service_fixture::with_token(std::string token)
{
    speaker made = nobody();
    made.authorization_ = "Bearer " + std::move(token);
    return made;
}

service_fixture::speaker service_fixture::speaker::with_key(std::string idempotency_key) const
{
    speaker made = *this;
    made.key_ = std::move(idempotency_key);
    return made;
}

service_fixture::speaker service_fixture::speaker::if_none_match(std::string etag) const
{
    speaker made = *this;
    made.if_none_match_ = std::move(etag);
    return made;
}

service_fixture::speaker service_fixture::speaker::if_match(std::string etag) const
{
    speaker made = *this;
    made.if_match_ = std::move(etag);
    return made;
}

service_fixture::speaker service_fixture::speaker::as_service() const
{
    speaker made = *this;
    made.internal_ = http::internal_call::yes;
    return made;
}

service_fixture::speaker service_fixture::speaker::from(std::string address) const
{
    speaker made = *this;
    made.address_ = std::move(address);
    return made;
}

test_reply service_fixture::speaker::send(http::method verb, std::string const& target,
                                          std::string const& body) const
{
    http::target_parts parts;
    if (std::optional<http::refused> const why = http::parse_target(target, verb, parts))
        return {.status = why->status,
                .body = http::refusal(why->status, why->code, why->message).body,
                .headers = {}};
    http::request in;
    in.verb = verb;
    in.target = target;
    in.path = parts.path;
    in.query = parts.query;
    in.body = body;
    in.authorization = authorization_;
    in.if_none_match = if_none_match_;
    in.if_match = if_match_;
    if (key_)
        in.idempotency_key = *key_;
    in.address = address_;
    in.is_internal = internal_;

    boost::asio::io_context io(1);
    auto const guard = boost::asio::make_work_guard(io);
    call_context call;
    call.service = of_->router_->options().service;
    call.request_id = small_text<64>("test-request");
    call_scope const scope(call);
    std::exception_ptr thrown;
    http::response made;
    boost::asio::co_spawn(io, of_->router_->answer(in, of_->router_->find(verb, in.path)),
                          [&](std::exception_ptr failed, http::response got)
                          {
                              answer_into(thrown, made, failed, std::move(got));
                              io.stop();
                          });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return {
        .status = made.status, .body = std::move(made.body), .headers = std::move(made.headers)};
}

namespace
{

result<> run_all(transaction& tx, std::vector<subscription const*> const& wanted,
                 std::string_view value, event_meta const& meta)
{
    for (subscription const* each : wanted)
    {
        result<prepared_event> const prepared = each->prepare(value, meta);
        if (!prepared)
            return prepared.error();
        result<> const done = (*prepared)(tx);
        if (!done)
            return done.error();
    }
    return result<>{};
}

}  // namespace

result<> service_fixture::hear(std::string_view value, event_meta const& meta,
                               event_type const& type)
{
    std::vector<subscription const*> const wanted = subscriptions_.find(type.name, type.version);
    return db_->write_now(run_all, std::cref(wanted), value, std::cref(meta));
}

}  // namespace mc::testing
