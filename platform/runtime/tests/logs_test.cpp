#include "platform/runtime/logs.hpp"

#include <doctest/doctest.h>

#include "platform/runtime/host.hpp"
#include "platform/runtime/settings.hpp"

namespace mc
{
namespace
{

std::unique_ptr<config> settings_of(std::map<std::string, std::string> environment)
{
    config::inputs from;
    from.environment = std::move(environment);
    from.dot_env = "/nonexistent/.env";
    for (setting const& each : platform_settings())
        from.known.push_back(each);
    result<std::unique_ptr<config>> made = config::load(std::move(from));
    REQUIRE(made);
    return std::move(*made);
}

std::optional<std::string> brokers_of(std::map<std::string, std::string> environment)
{
    return kafka_brokers(*settings_of(std::move(environment)));
}

std::string refusal(std::map<std::string, std::string> environment)
{
    system_clock const now;
    try
    {
        static_cast<void>(open_log(*settings_of(std::move(environment)), "/nonexistent", now));
        return "";
    }
    catch (start_refused const& why)
    {
        return why.what();
    }
}

}  // namespace

TEST_CASE("kafka_brokers: one or several, by either name, without blanks")
{
    CHECK_FALSE(brokers_of({}));
    CHECK(brokers_of({{"KAFKA_BROKER", "localhost:9092"}}) == "localhost:9092");
    CHECK(brokers_of({{"KAFKA_BROKERS", "a.example , b-2.example:9093,[::1]:9094"}}) ==
          "a.example,b-2.example:9093,[::1]:9094");
    CHECK(brokers_of({{"KAFKA_BROKER", "a:1"}, {"KAFKA_BROKERS", "a:1"}}) == "a:1");
}

TEST_CASE("open_log: what names no broker is refused with a sentence")
{
    for (char const* wrong : {"http://a:9092", "a:0", "a:65536", "a:9092x", ":9092", "a b", "[::1",
                              "[::1]9092", "a:9092,b:port"})
    {
        CAPTURE(wrong);
        CHECK(refusal({{"KAFKA_BROKER", wrong}}).starts_with("KAFKA_BROKER must be host:port"));
    }
    CHECK(refusal({{"KAFKA_BROKER", " , "}}).starts_with("KAFKA_BROKER names no broker"));
    CHECK(refusal({{"KAFKA_BROKER", "a:1"}, {"KAFKA_BROKERS", "b:1"}}).contains("they differ"));
}

TEST_CASE("open_log: half an account, and certificates without encryption, are refused")
{
    CHECK(refusal({{"KAFKA_BROKER", "a:1"}, {"KAFKA_SASL_USERNAME", "shop"}})
              .contains("KAFKA_SASL_PASSWORD"));
    CHECK(refusal({{"KAFKA_BROKER", "a:1"}, {"KAFKA_SASL_PASSWORD", "x"}})
              .contains("KAFKA_SASL_USERNAME"));
    for (char const* key : {"KAFKA_TLS_CA", "KAFKA_TLS_CERT", "KAFKA_TLS_KEY"})
        CHECK(refusal({{"KAFKA_BROKER", "a:1"}, {key, "x.pem"}}).starts_with(key));
    CHECK(refusal({{"KAFKA_BROKER", "127.0.0.1:1"}}).empty());
}

}  // namespace mc
