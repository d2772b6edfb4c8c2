#include <doctest/doctest.h>

#include "platform/mail/mails.hpp"
#include "platform/observe/log.hpp"
#include "platform/runtime/tests/sample_service.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

std::string log_of_start(std::vector<service_info const*> services,
                         std::map<std::string, std::string> environment = {})
{
    temporary_folder folder;
    log_recorder const recorded({log_format::json, log_level::warning});
    environment.insert({{"DATA_DIR", folder.path().string()}, {"HOST", "127.0.0.1"}});
    std::unique_ptr<config> const settings = settings_of(std::move(environment));
    mc::system_clock const clock;
    host alone({.settings = *settings,
                .services = std::move(services),
                .known = samples,
                .now = clock,
                .version = "test"});
    alone.start();
    alone.stop();
    return recorded.text();
}

}  // namespace

TEST_CASE("host: a service by itself is told that events need Kafka to get anywhere")
{
    CHECK(log_of_start({&sample_user, &sample_cart}).empty());
    std::string const alone = log_of_start({&sample_user});
    CHECK(alone.contains(R"("level":"warning","event":"events_stay_in_this_process")"));
    CHECK(alone.contains("cart runs in another process, if at all: without KAFKA_BROKER no event "
                         "gets from there to user, or back"));
    std::string const used_to_be_apart = log_of_start(
        {&sample_user, &sample_cart}, {{"CART_SERVICE_URL", "http://localhost:3002"},
                                       {"JWT_SECRET", "b7Qf2-kX9mZ4w-vT6yP1s-dR8uL3e-hN5"}});
    CHECK(used_to_be_apart.contains(
        "CART_SERVICE_URL is set and not used, since cart runs in this process"));
    CHECK_FALSE(used_to_be_apart.contains("USER_SERVICE_URL"));
}

namespace
{

std::string figures_of(running_host& shop, std::string_view service)
{
    boost::asio::ip::tcp::iostream wire("127.0.0.1", std::to_string(shop.port(service)));
    wire << "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n"
            "Connection: close\r\n\r\n"
         << std::flush;
    return std::string{std::istreambuf_iterator<char>(wire), {}};
}

result<int> do_nothing_special(transaction&, int const& answer) { return answer; }

}  // namespace

TEST_CASE("host: a watcher sees what the database did, and what of it together")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.start();
    database& db = shop.runs.database_of("cart");
    for (int i = 0; i < 3; ++i)
        REQUIRE(db.write_now(do_nothing_special, i));
    std::string const text = figures_of(shop, "cart");
    auto const value_of = [&](std::string_view name)
    {
        std::string const line = fmt::format("\n{}{{service=\"cart-service\"}} ", name);
        std::size_t const at = text.find(line);
        REQUIRE(at != std::string::npos);
        return std::stoll(text.substr(at + line.size()));
    };
    CHECK(value_of("mc_db_actions_total") >= 3);
    CHECK(value_of("mc_db_commits_total") >= 1);
    CHECK(value_of("mc_db_batched_total") == db.figures().batched);
    CHECK(value_of("mc_db_lost_races_total") == 0);
    CHECK(value_of("mc_db_refused_total") == 0);
    CHECK(value_of("mc_db_commit_failures_total") == 0);
    CHECK(value_of("mc_write_queue") == 0);
    CHECK(value_of("mc_read_queue") == 0);
    CHECK(text.contains("# TYPE mc_db_batched_total counter\n"));
    CHECK(text.contains("# TYPE mc_write_queue gauge\n"));
}

TEST_CASE("host: a watcher sees how many mails and passwords wait")
{
    temporary_folder folder;
    running_host shop(folder.path(), {{"SMTP_HOST", "127.0.0.1"}, {"SMTP_PORT", "1"}});
    result<> (*const write_mail)(transaction&) = [](transaction& tx) -> result<>
    {
        mails::add(tx, {.to = "alice@example.com", .subject = "Hello", .text = "x"});
        return result<>{};
    };
    REQUIRE(shop.runs.database_of("user").write_now(write_mail));
    shop.runs.start();
    std::string const of_user = figures_of(shop, "user");
    CHECK(of_user.contains("# HELP mc_mails_waiting Mails neither sent nor given up.\n"));
    CHECK(of_user.contains("mc_mails_waiting{service=\"user-service\"} 1\n"));
    CHECK(of_user.contains("# HELP mc_passwords_waiting "));
    CHECK(of_user.contains("\nmc_passwords_waiting 0\n"));
    CHECK_FALSE(figures_of(shop, "cart").contains("mc_mails_waiting"));
}
