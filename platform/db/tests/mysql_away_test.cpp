#include <netinet/in.h>
#include <sys/socket.h>

#include "platform/db/tests/fixture.hpp"

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

// A port where somebody listens and never says a word.
class silent_port
{
public:
    silent_port() : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(at);
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&at), size) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        number_ = ntohs(at.sin_port);
    }
    ~silent_port() { ::close(socket_); }
    std::uint16_t number() const noexcept { return number_; }

private:
    int socket_;
    std::uint16_t number_ = 0;
};

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
    silent_port const silent;
    other = good;
    other.port = silent.number();
    steady_time const began = std::chrono::steady_clock::now();
    CHECK(!refusal_of(other).empty());
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

}  // namespace mc::testing_db
