#include "platform/events/tests/kafka_place.hpp"

#include <array>
#include <atomic>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "platform/core/error.hpp"
#include "platform/events/tests/log_conformance.hpp"

namespace mc::events_test
{

std::string kafka_place::brokers()
{
    char const* const named = ::getenv("MC_TEST_KAFKA");
    return named == nullptr ? "" : named;
}

std::string kafka_place::new_prefix()
{
    static std::atomic<int> number{0};
    return fmt::format("t{}-{}-{}.", ::getpid(),
                       std::chrono::steady_clock::now().time_since_epoch().count(), ++number);
}

namespace
{

// Nobody listens on port 1.
kafka_log_options nowhere() { return {.brokers = "127.0.0.1:1"}; }

milliseconds time_of(std::function<void()> const& work)
{
    steady_time const begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
}

// Says what is left out, and why.
bool is_left_out()
{
    if (kafka_place::is_here())
        return false;
    testing::left_out(kafka_place::missing);
    return true;
}

// One service with two copies, which share its database.
struct two_copies
{
    temporary_folder folder;
    system_clock now;
    kafka_place place;
    std::unique_ptr<event_log> log = place.open();
    std::unique_ptr<database> source = open_database(folder / "source.db", "source", now);
    std::unique_ptr<database> shop = open_database(folder / "shop.db", "shop", now);
    listener hears;
    subscription_table table = hears.table();
    relay sending{*source, *log};

    std::unique_ptr<consumer> copy()
    {
        auto made = std::make_unique<consumer>(*shop, *log, table,
                                               group_options("shop-service-group", now));
        made->start();
        return made;
    }
    ~two_copies()
    {
        sending.stop();
        source->close();
        shop->close();
    }
};

}  // namespace

TEST_CASE_TEMPLATE_INVOKE(event_log_contract, kafka_place);

TEST_CASE("Kafka log: settings its client cannot use are refused with a sentence")
{
    kafka_log_options strange = nowhere();
    strange.account = kafka_account{"CARRIER-PIGEON", "shop", secret("coo")};
    CHECK_THROWS_AS(static_cast<void>(open_kafka_log(strange)), std::invalid_argument);
    kafka_log_options unsigned_one = nowhere();
    unsigned_one.tls = kafka_tls{.authorities_file = "/no/such/file.pem"};
    CHECK_THROWS_WITH(static_cast<void>(open_kafka_log(unsigned_one)),
                      doctest::Contains("no/such/file.pem"));
}

TEST_CASE("Kafka log: while no broker can be reached every call says so, within its time")
{
    std::unique_ptr<event_log> const log = open_kafka_log(nowhere());
    CHECK_FALSE(log->is_away());  // Nothing was asked yet.
    CHECK(time_of([&] { CHECK_THROWS_AS(append_counted(*log, 1, 0, 1), outage); }) < seconds(60));
    CHECK(log->is_away());
    CHECK(time_of([&] { CHECK_THROWS_AS(make_contract_topics(*log), outage); }) < seconds(60));
    CHECK(time_of([&] { CHECK_THROWS_AS(static_cast<void>(log->ranges("t")), outage); }) <
          seconds(60));
    CHECK_THROWS_WITH(append_counted(*log, 1, 0, 1), doctest::Contains("127.0.0.1:1"));
}

TEST_CASE("Kafka log: a poll that no broker answers can be interrupted, and ends with the log")
{
    std::unique_ptr<event_log> const log = open_kafka_log(nowhere());
    std::unique_ptr<log_reader> const reader = log->join("g", {contract_topic}, from_the_first);
    CHECK(reader->poll(milliseconds(0), 10).empty());
    reader->interrupt();
    CHECK(reader->poll(std::chrono::minutes(5), 10).empty());
    std::thread closing([&] { log->close(); });
    CHECK_THROWS_AS(static_cast<void>(reader->poll(std::chrono::minutes(5), 1)), outage);
    closing.join();
    CHECK_THROWS_AS(append_counted(*log, 1, 0, 1), outage);
}

TEST_CASE("Kafka log: a member without topics sleeps until it is interrupted")
{
    std::unique_ptr<event_log> const log = open_kafka_log(nowhere());
    std::unique_ptr<log_reader> const reader = log->join("g", {}, from_the_first);
    CHECK(reader->poll(milliseconds(1), 10).empty());
    std::thread interrupting([&] { reader->interrupt(); });
    CHECK(reader->poll(std::chrono::minutes(5), 10).empty());
    interrupting.join();
}

TEST_CASE("Kafka log: a record above the limit of its topic is refused, others go on")
{
    if (is_left_out())
        return;
    kafka_place const place;
    std::unique_ptr<event_log> const log = place.open();
    make_contract_topics(*log);
    std::array<outgoing_record, 2> const batch{
        record("1", std::string(2 * event_bytes_max + 1, 'x')), record("1", "after it")};
    CHECK_THROWS_AS(log->append(batch), std::runtime_error);
    append_counted(*log, 1, 0, 1);
    std::unique_ptr<log_reader> const reader = log->join("g", {contract_topic}, from_the_first);
    CHECK(read_all(*reader, 1)[0].value == "0");
}

TEST_CASE("Kafka log: a group that knows more than the log holds starts anew instead of waiting")
{
    if (is_left_out())
        return;
    kafka_place const place;
    std::unique_ptr<event_log> const log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 1, 0, 2);
    std::unique_ptr<log_reader> const reader =
        log->join("g", {contract_topic}, [](std::string_view, int) { return std::optional(500); });
    CHECK(read_all(*reader, 2).size() == 2);
}

TEST_CASE("Kafka log: a database that is away while partitions come is asked again")
{
    if (is_left_out())
        return;
    kafka_place const place;
    std::unique_ptr<event_log> const log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 1, 0, 3);
    int asked = 0;
    std::unique_ptr<log_reader> const reader =
        log->join("g", {contract_topic},
                  [&](std::string_view, int) -> std::optional<std::int64_t>
                  {
                      if (++asked < 3)
                          throw outage("the database is away");
                      return 1;
                  });
    for (int tries = 1; tries < 3; ++tries)
        CHECK_THROWS_AS(static_cast<void>(reader->poll(seconds(20), 10)), outage);
    CHECK(read_all(*reader, 2)[0].value == "1");
}

TEST_CASE("Kafka log: members of a group share partitions, and take over from one that leaves")
{
    if (is_left_out())
        return;
    kafka_place const place;
    std::unique_ptr<event_log> const log = place.open();
    make_contract_topics(*log);
    std::set<int> firsts;
    std::set<int> seconds_ones;
    auto const noting = [](std::set<int>& into)
    {
        return [&into](std::string_view, int partition) -> std::optional<std::int64_t>
        {
            into.insert(partition);
            return std::nullopt;
        };
    };
    std::unique_ptr<log_reader> first = log->join("g", {contract_topic}, noting(firsts));
    std::unique_ptr<log_reader> const second =
        log->join("g", {contract_topic}, noting(seconds_ones));
    CHECK(eventually(
        [&]
        {
            static_cast<void>(first->poll(milliseconds(10), 10));
            static_cast<void>(second->poll(milliseconds(10), 10));
            return !firsts.empty() && !seconds_ones.empty();
        }));
    seconds_ones.clear();
    first.reset();
    CHECK(eventually(
        [&]
        {
            static_cast<void>(second->poll(milliseconds(10), 10));
            return seconds_ones.size() == 3;
        }));
}

TEST_CASE("Kafka log: copies of a service that come and go lose nothing and do nothing twice")
{
    if (is_left_out())
        return;
    two_copies at;
    constexpr std::int64_t parcels = 40;
    constexpr std::int64_t each = 50;
    at.sending.start();
    std::unique_ptr<consumer> one = at.copy();
    std::unique_ptr<consumer> other;
    for (std::int64_t number = 1; number <= each; ++number)
    {
        for (std::int64_t parcel = 1; parcel <= parcels; ++parcel)
            tell(*at.source, {id_of<events_test::parcel>{parcel}, number, "Utrecht"});
        if (number % 10 == 5)
            other = at.copy();
        if (number % 10 == 0)
            one = std::exchange(other, nullptr);
    }
    CHECK(eventually([&] { return count_effects(*at.shop) >= parcels * each; }));
    std::map<std::int64_t, std::int64_t> last;
    bool in_order = true;
    for (effect_row const& row : effects_of(*at.shop))
        in_order = in_order && row.number == ++last[row.parcel_id];
    CHECK(in_order);
    CHECK(count_effects(*at.shop) == parcels * each);
    CHECK(letters_of(*at.shop).empty());
    CHECK(eventually([&] { return one->lag() == 0; }));
    one->stop();
}

}  // namespace mc::events_test
