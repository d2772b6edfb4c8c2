#include "platform/db/tests/fixture.hpp"
#include "platform/db/tests/half_silent_port.hpp"

// Servers that cannot be used, and what is said of them.
namespace mc::testing_db
{

namespace
{

// What opening the bank there says.
std::string refusal_of(mysql_options const& at)
{
    fake_clock const time(from_epoch_ms(0));
    try
    {
        database::open_on(make_mysql_engine(at), {.name = "bank",
                                                  .producer = "bank-service",
                                                  .file = {},
                                                  .migrations = bank::schema,
                                                  .now = time});
    }
    catch (outage const& away)
    {
        return away.what();
    }
    return "";
}

// Whether a connection can be had now; else why not.
std::string why_not_connected(engine::source& from)
{
    try
    {
        from.connect(engine::purpose::read);
        return "";
    }
    catch (outage const& away)
    {
        return away.what();
    }
}

mysql_options behind(half_silent_port const& line, mysql_for_tests const& place)
{
    mysql_options at = place.place.options();
    at.name = "bank";
    at.connect_time_max = milliseconds(1'000);
    at.port = line.number();
    return at;
}

}  // namespace

TEST_CASE("mysql: a server that is away, silent, unwilling or without the database says so at once")
{
    mysql_for_tests const place;
    mysql_options good = place.place.options();
    good.name = "bank";
    good.connect_time_max = milliseconds(1'000);
    CHECK(refusal_of(good).empty());

    mysql_options other = good;
    other.user = "nobody";
    other.password = secret("wrong");
    CHECK(refusal_of(other).find("Access denied") != std::string::npos);
    other = good;
    other.schema = "mc_test_never_made";
    CHECK(refusal_of(other).find("make it with CREATE DATABASE `mc_test_never_made`") !=
          std::string::npos);
    other = good;
    other.tls = mysql_tls::required;  // The server of the tests has no certificate.
    CHECK(refusal_of(other).find("the server does not speak TLS") != std::string::npos);
    other.tls = mysql_tls::verified;
    CHECK(!refusal_of(other).empty());
    other = good;
    other.port = 1;
    CHECK(refusal_of(other).find("database bank at 127.0.0.1:1: ") == 0);
    half_silent_port silent(good.port);
    silent.be_silent();
    other = good;
    other.port = silent.number();
    steady_time const began = std::chrono::steady_clock::now();
    CHECK(!refusal_of(other).empty());
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

TEST_CASE("mysql: who waited for a connection in vain spares the others the wait, for a moment")
{
    mysql_for_tests const place;
    half_silent_port line(place.place.options().port);
    std::unique_ptr<engine::source> const from = make_mysql_engine(behind(line, place));
    line.be_silent();
    CHECK(!why_not_connected(*from).empty());
    CHECK(why_not_connected(*from) == "database bank: nobody answered a moment ago");
}

TEST_CASE("mysql: who waited for a connection in vain spares nobody anything when others have one")
{
    mysql_for_tests const place;
    half_silent_port line(place.place.options().port);
    std::unique_ptr<engine::source> const from = make_mysql_engine(behind(line, place));
    line.be_silent();
    std::string in_vain;
    std::thread waits([&] { in_vain = why_not_connected(*from); });
    line.wait_for_a_silent_one();
    line.speak();
    CHECK(why_not_connected(*from).empty());
    waits.join();
    CHECK(!in_vain.empty());
    CHECK(why_not_connected(*from).empty());
}

}  // namespace mc::testing_db
