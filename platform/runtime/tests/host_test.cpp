#include <doctest/doctest.h>

#include <unistd.h>

#include <fmt/format.h>

#include "platform/testing/json_text.hpp"
#include "platform/runtime/tests/sample_service.hpp"

using namespace mc;
using namespace mc::runtime_test;
using testing::raw_member;

namespace
{

std::span<migration const> one_migration()
{
    static constexpr migration all[] = {{1, "things", "CREATE TABLE things (id INTEGER) STRICT;"}};
    return all;
}

constexpr service_info migrated_cart{.name = "cart",
                                     .wire_name = "cart-service",
                                     .port = 0,
                                     .migrations = one_migration,
                                     .settings = {},
                                     .make = make_sample};

// Leaves a database of a cart service that is a version further than sample_cart.
void make_newer_database(std::filesystem::path const& data_dir)
{
    std::unique_ptr<config> const settings =
        settings_of({{"DATA_DIR", data_dir.string()}, {"IO_THREADS", "1"}});
    mc::system_clock const clock;
    host const newer({.settings = *settings,
                      .services = {&sample_user, &migrated_cart},
                      .known = samples,
                      .now = clock,
                      .version = "test"});
}

}  // namespace

TEST_CASE("host: every service answers on its port, and says when it is ready")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.start();
    REQUIRE(shop.becomes_ready());
    REQUIRE(shop.runs.places().size() == 2);
    CHECK(shop.port("user") != shop.port("cart"));
    for (char const* service : {"user", "cart"})
    {
        fetched const hello = shop.get(service, "/hello");
        CHECK(hello.status == 200);
        CHECK(raw_member(hello.body, "service") == fmt::format("\"{}\"", service));
        fetched const health = shop.get(service, "/health");
        CHECK(health.status == 200);
        CHECK(raw_member(health.body, "service") == fmt::format("\"{}-service\"", service));
        CHECK(shop.get(service, "/metrics").status == 200);
        CHECK(shop.get(service, "/openapi.json").status == 200);
        CHECK(shop.get(service, "/nothing").status == 404);
    }
}

TEST_CASE("host: what one service tells reaches the others, also those that were not there")
{
    temporary_folder folder;
    {
        running_host shop(folder.path());
        shop.runs.start();
        REQUIRE(fetch(shop.port("user"), "POST", "/tell", R"({"number":7})").status == 200);
        CHECK(eventually([&]
                         { return raw_member(shop.get("cart", "/hello").body, "heard") == "7"; }));
        shop.runs.stop();
    }
    // Told by a process that ends before anybody hears it: it is in the outbox, and not lost.
    {
        running_host shop(folder.path());
        (void)shop.runs.database_of("user").write_now(tell_number, std::int64_t{8});
    }
    running_host shop(folder.path());
    shop.runs.start();
    CHECK(eventually([&] { return raw_member(shop.get("cart", "/hello").body, "heard") == "8"; }));
}

TEST_CASE("host: tokens are worth the same after a restart, because the keys are kept")
{
    temporary_folder folder;
    std::string token;
    {
        running_host shop(folder.path());
        shop.runs.start();
        REQUIRE(shop.becomes_ready());
        token = dynamic_cast<sample_service&>(shop.runs.service_of("user")).token(42);
        CHECK(shop.get("cart", "/me", token).body == R"({"id":42})");
        CHECK(shop.get("cart", "/me").status == 401);
    }
    running_host again(folder.path());
    again.runs.start();
    REQUIRE(again.becomes_ready());
    CHECK(again.get("user", "/me", token).body == R"({"id":42})");

    temporary_folder elsewhere;
    running_host other(elsewhere.path());
    other.runs.start();
    REQUIRE(other.becomes_ready());
    CHECK(other.get("user", "/me", token).status == 401);
}

TEST_CASE("host: stops within seconds, also while a client keeps its connection, and twice")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.start();
    std::uint16_t const port = shop.port("user");
    boost::asio::ip::tcp::iostream idle("127.0.0.1", std::to_string(port));
    idle << "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n" << std::flush;
    std::string status_line;
    REQUIRE(std::getline(idle, status_line));
    CHECK(status_line == "HTTP/1.1 200 OK\r");

    steady_time const begun = std::chrono::steady_clock::now();
    shop.runs.stop();
    CHECK(std::chrono::steady_clock::now() - begun < seconds(30));
    CHECK(fetch(port, "GET", "/hello").status == 0);
    shop.runs.stop();
    // One file per database is left, nothing half-written beside it.
    for (char const* name : {"user.db", "cart.db", "log.db"})
    {
        CHECK(std::filesystem::exists(folder / name));
        CHECK(!std::filesystem::exists(folder / (std::string(name) + "-wal")));
    }
}

TEST_CASE("host: while it drains it says that it is not ready, and still answers")
{
    temporary_folder folder;
    running_host shop(folder.path(), {{"DRAIN_DELAY_MS", "1000"}});
    shop.runs.start();
    REQUIRE(shop.becomes_ready());
    std::jthread const stops([&] { shop.runs.stop(); });
    fetched drained;
    CHECK(eventually(
        [&]
        {
            drained = shop.get("user", "/ready");
            return drained.status == 503;
        }));
    CHECK(drained.body.find("stopping") != std::string::npos);
    CHECK(shop.get("user", "/hello").status == 200);
}

TEST_CASE("host: one that was made and never started stops as well")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.stop();
    CHECK(std::filesystem::exists(folder / "user.db"));
}

TEST_CASE("host: a second one over the same folder is refused, by the process that holds it")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.start();
    CHECK(refusal_of(folder.path()) ==
          fmt::format("the data folder {} is in use by process {}; stop it, or choose another "
                      "DATA_DIR",
                      folder.path().string(), ::getpid()));
    CHECK(shop.get("user", "/hello").status == 200);
    shop.runs.stop();
}

TEST_CASE("host: the folder is free again once its host is gone")
{
    temporary_folder folder;
    CHECK(refusal_of(folder.path()).empty());
    CHECK(refusal_of(folder.path()).empty());
}

TEST_CASE("host: a port that is taken is one clear sentence, and leaves the folder free")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.start();
    std::string const port = std::to_string(shop.port("cart"));

    temporary_folder elsewhere;
    CHECK(refusal_of(elsewhere.path(), {{"USER_PORT", port}}) ==
          fmt::format("user: port {} is taken by another process",
                      fmt::format("127.0.0.1:{}", port)));
    CHECK(shop.get("cart", "/hello").status == 200);
    CHECK(refusal_of(elsewhere.path()).empty());
}

TEST_CASE("host: settings it cannot use are each one clear sentence")
{
    temporary_folder folder;
    CHECK(refusal_of(folder.path(), {{"FAIL_POINT", "!"}})
              .starts_with("A fail point is written <place>"));
    std::filesystem::path const file = folder.write("file", "no folder");
    CHECK(refusal_of(file).find(file.string()) != std::string::npos);
    CHECK(refusal_of(folder / "data").empty());
}

TEST_CASE("host: a database that is newer than this program is refused and not touched")
{
    temporary_folder folder;
    make_newer_database(folder.path());
    std::string const before = text_of(folder / "cart.db");
    std::string const why = refusal_of(folder.path());
    CHECK(why.find("cart") != std::string::npos);
    CHECK(why.find('\n') == std::string::npos);
    CHECK(text_of(folder / "cart.db") == before);
}

TEST_CASE("check_places: a taken port is told before anything is made")
{
    temporary_folder folder;
    running_host shop(folder.path());
    shop.runs.start();
    std::string const port = std::to_string(shop.port("cart"));
    std::unique_ptr<config> const settings =
        settings_of({{"HOST", "127.0.0.1"}, {"USER_PORT", port}});
    CHECK_THROWS_WITH_AS(
        check_places(samples, *settings),
        fmt::format("user: port 127.0.0.1:{} is taken by another process", port).c_str(),
        start_refused);
    CHECK_NOTHROW(check_places(samples, *settings_of({{"HOST", "127.0.0.1"}})));
}

TEST_CASE("host: topics have the names that the settings give them")
{
    temporary_folder folder;
    running_host shop(folder.path(), {{"KAFKA_USER_EVENTS_TOPIC", "people"}});
    CHECK(shop.runs.topics() == std::vector<std::string>{"people"});
    shop.runs.start();
    REQUIRE(fetch(shop.port("user"), "POST", "/tell", R"({"number":7})").status == 200);
    CHECK(eventually([&] { return raw_member(shop.get("cart", "/hello").body, "heard") == "7"; }));
    std::int64_t records = 0;
    for (partition_range const& each : shop.runs.log().ranges("people"))
        records += each.end - each.first;
    CHECK(records == 1);
    CHECK(shop.runs.log().ranges("user-events").empty());
}

TEST_CASE("port_of, url_of: the service's own setting, else its default with the offset")
{
    constexpr service_info cart{.name = "cart",
                                .wire_name = "cart-service",
                                .port = 3002,
                                .migrations = no_migrations,
                                .settings = {},
                                .make = make_sample};
    CHECK(port_of(cart, *settings_of({})) == 3002);
    CHECK(port_of(cart, *settings_of({{"PORT_OFFSET", "1000"}})) == 4002);
    CHECK(port_of(cart, *settings_of({{"CART_PORT", "9"}, {"PORT_OFFSET", "1000"}})) == 9);
    CHECK(port_of(cart, *settings_of({{"PORT_OFFSET", "60000"}})) == 63002);
    service_info high = cart;
    high.port = 5536;
    CHECK_THROWS_WITH_AS((void)port_of(high, *settings_of({{"PORT_OFFSET", "60000"}})),
                         "PORT_OFFSET 60000 puts cart on port 65536; the highest is 65535",
                         start_refused);
    high.port = 5535;
    CHECK(port_of(high, *settings_of({{"PORT_OFFSET", "60000"}})) == 65535);

    CHECK(url_of(cart, *settings_of({})) == "http://localhost:3002");
    CHECK(url_of(cart, *settings_of({{"PORT_OFFSET", "1000"}})) == "http://localhost:4002");
    CHECK(url_of(cart, *settings_of({{"CART_SERVICE_URL", "http://cart.example"}})) ==
          "http://cart.example");
}

TEST_CASE(
    "host: due work runs from the start, when woken, after a commit that tells, and not after")
{
    temporary_folder folder;
    running_host shop(folder.path());
    auto& cart = dynamic_cast<sample_service&>(shop.runs.service_of("cart"));
    auto& user = dynamic_cast<sample_service&>(shop.runs.service_of("user"));
    CHECK(cart.due_runs == 0);
    shop.runs.start();
    REQUIRE(eventually([&] { return cart.due_runs == 1; }));

    cart.wake_due_work();
    CHECK(eventually([&] { return cart.due_runs == 2; }));
    CHECK(fetch(shop.port("cart"), "POST", "/tell", R"({"number":1})").status == 200);
    CHECK(eventually([&] { return cart.due_runs >= 3; }));

    shop.runs.stop();
    int const runs = cart.due_runs;
    cart.wake_due_work();
    CHECK(cart.due_runs == runs);
    CHECK(user.due_runs == 0);  // It has none, and waking it does no harm.
    user.wake_due_work();
}

TEST_CASE("host: a service is there when it runs here or somebody says where")
{
    temporary_folder folder;
    std::unique_ptr<config> const settings =
        settings_of({{"DATA_DIR", folder.path().string()}, {"IO_THREADS", "1"}});
    constexpr char const* shared = "b7Qf2-kX9mZ4w-vT6yP1s-dR8uL3e-hN5";
    std::unique_ptr<config> const told =
        settings_of({{"DATA_DIR", (folder / "told").string()},
                     {"IO_THREADS", "1"},
                     {"JWT_SECRET", shared},
                     {"INTERNAL_TOKEN_SECRET", std::string("between-") + shared},
                     {"CART_SERVICE_URL", "http://cart:3002"}});
    mc::system_clock const clock;
    auto const user_alone = [&](config const& from)
    {
        return std::make_unique<host>(host_options{.settings = from,
                                                   .services = {&sample_user},
                                                   .known = samples,
                                                   .now = clock,
                                                   .version = "test"});
    };
    std::unique_ptr<host> const untold = user_alone(*settings);
    auto const& alone = dynamic_cast<sample_service&>(untold->service_of("user"));
    CHECK(alone.knows("user"));
    CHECK_FALSE(alone.knows("cart"));
    CHECK_FALSE(alone.knows("nobody"));
    std::unique_ptr<host> const informed = user_alone(*told);
    CHECK(dynamic_cast<sample_service&>(informed->service_of("user")).knows("cart"));
}
