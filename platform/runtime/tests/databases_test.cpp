#include <doctest/doctest.h>

#include <string>

#include "platform/core/error.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/tests/sample_service.hpp"

using namespace mc;
using namespace mc::runtime_test;

TEST_CASE("databases: where a service's database is depends on DB_HOST, for all or for one")
{
    auto const place = [](service_info const& of, std::map<std::string, std::string> environment)
    { return place_of_database(of, *settings_of(std::move(environment)), "data"); };
    CHECK(place(sample_user, {}) == "data/user.db");
    CHECK(place(sample_user, {{"DB_HOST", "db.example"}}) ==
          "microcommerce_user at db.example:3306");
    CHECK(
        place(sample_user, {{"DB_HOST", "db"}, {"DB_PORT", "3307"}, {"USER_DB_NAME", "people"}}) ==
        "people at db:3307");
    CHECK(place(sample_user, {{"CART_DB_HOST", "db"}}) == "data/user.db");
    CHECK(place(sample_cart, {{"CART_DB_HOST", "db"}}) == "microcommerce_cart at db:3306");
}

TEST_CASE("databases: a server without an account, and one that is away, are told in a sentence")
{
    temporary_folder const folder;
    mc::system_clock const now;
    CHECK_THROWS_WITH_AS(
        open_database(sample_user, *settings_of({{"DB_HOST", "127.0.0.1"}}), folder.path(), now),
        "DB_HOST is set and DB_USER is not; name the account of the database", start_refused);

    std::map<std::string, std::string> const nobody_there{
        {"DB_HOST", "127.0.0.1"}, {"DB_PORT", "1"}, {"DB_USER", "shop"}};
    CHECK_THROWS_AS(open_database(sample_user, *settings_of(nobody_there), folder.path(), now),
                    outage);
    std::optional<mysql_options> const at = server_of(sample_user, *settings_of(nobody_there));
    REQUIRE(at);
    CHECK(at->host == "127.0.0.1");
    CHECK(at->port == 1);
    CHECK(at->user == "shop");
    CHECK(at->schema == "microcommerce_user");
    CHECK_FALSE(server_of(sample_user, *settings_of({{"CART_DB_HOST", "db"}})));
    CHECK_FALSE(std::filesystem::exists(folder / "user.db"));
}
