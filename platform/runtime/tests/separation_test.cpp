#include "platform/runtime/separation.hpp"

#include <array>

#include <doctest/doctest.h>

#include "platform/runtime/tests/sample_service.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

using environment = std::map<std::string, std::string>;

constexpr char const* strong = "b7Qf2-kX9mZ4w-vT6yP1s-dR8uL3e-hN5";
constexpr char const* make_one = " (make one with `openssl rand -base64 48`)";
constexpr char const* all_have_it = " must be set, and to the same value in every process: ";
constexpr char const* ours_alone =
    "; a key made in DATA_DIR would be this process's alone (make one with `openssl rand -base64 "
    "48`)";
constexpr std::array<service_info const*, 1> only_user = {&sample_user};

std::string with_all(environment of)
{
    return missing_keys(*settings_of(std::move(of)), samples, samples).value_or("");
}

std::string with_user_alone(environment of)
{
    return missing_keys(*settings_of(std::move(of)), only_user, samples).value_or("");
}

}  // namespace

TEST_CASE("missing_keys: a process that shares nothing makes its own")
{
    CHECK(with_all({}).empty());
    CHECK(with_user_alone({}).empty());
    CHECK(with_all({{"DATA_DIR", "/srv/shop"}, {"AUTH_MODE", "remote"}, {"DB_HOST", ""}}).empty());
}

TEST_CASE("missing_keys: JWT_SECRET has to be given by whatever lets others share the accounts")
{
    struct row
    {
        environment set;
        char const* named;
    };
    row const rows[] = {
        {{{"DB_HOST", "db"}}, "DB_HOST"},
        {{{"CART_DB_HOST", "db"}}, "DB_HOST"},
        {{{"KAFKA_BROKER", "kafka:9092"}}, "KAFKA_BROKER"},
        {{{"KAFKA_BROKERS", "kafka:9092"}}, "KAFKA_BROKER"},
        {{{"CART_SERVICE_URL", "http://cart:3002"}}, "CART_SERVICE_URL"},
        {{{"USER_SERVICE_URL", "http://user:3001"}, {"DB_HOST", "db"}},
         "DB_HOST, USER_SERVICE_URL"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.named);
        CHECK(with_all(each.set) == "JWT_SECRET" + std::string(all_have_it) + "with " + each.named +
                                        " set, other processes share these accounts" + ours_alone);
        environment given = each.set;
        given["JWT_SECRET"] = strong;
        CHECK(with_all(given).empty());
    }
}

TEST_CASE("missing_keys: another service's own database server is no business of this process")
{
    std::unique_ptr<config> const settings = settings_of({{"CART_DB_HOST", "db"}});
    CHECK_FALSE(missing_keys(*settings, only_user, samples));
}

TEST_CASE("missing_keys: INTERNAL_TOKEN_SECRET has to be given where a service runs elsewhere")
{
    environment const ways[] = {{{"DB_HOST", "db"}},
                                {{"KAFKA_BROKER", "kafka:9092"}},
                                {{"CART_SERVICE_URL", "http://cart:3002"}}};
    for (environment given : ways)
    {
        CAPTURE(given.begin()->first);
        std::string const both = with_user_alone(given);
        CHECK(both.starts_with("JWT_SECRET and INTERNAL_TOKEN_SECRET must be set"));
        CHECK(both.contains("and services that call one another across processes (cart not in this "
                            "one) sign with it"));
        CHECK(both.ends_with(make_one));
        given["JWT_SECRET"] = strong;
        CHECK(with_user_alone(given) ==
              "INTERNAL_TOKEN_SECRET" + std::string(all_have_it) +
                  "services that call one another across processes (cart not in this one) sign "
                  "with it" +
                  ours_alone);
        given["INTERNAL_TOKEN_SECRET"] = strong;
        CHECK(with_user_alone(given).empty());
        given.erase("JWT_SECRET");
        CHECK(with_user_alone(given).starts_with("JWT_SECRET must be set"));
    }
    // The URL of what runs here is called by nobody.
    CHECK(with_user_alone({{"USER_SERVICE_URL", "http://localhost:3001"}, {"JWT_SECRET", strong}})
              .empty());
}

TEST_CASE("host: one that may not make its keys refuses with the sentence, and leaves nothing")
{
    temporary_folder folder;
    std::string const why = refusal_of(folder / "data", {{"DB_HOST", "127.0.0.1"}});
    CHECK(why == with_all({{"DB_HOST", "127.0.0.1"}}));
    CHECK_FALSE(std::filesystem::exists(folder / "data"));
    // Given, it gets as far as the server that it does not know how to talk to.
    CHECK(refusal_of(folder / "data", {{"DB_HOST", "127.0.0.1"}, {"JWT_SECRET", strong}}) ==
          "DB_HOST is set and DB_USER is not; name the account of the database");
}
