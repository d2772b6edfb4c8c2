#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <vector>

#include "platform/core/error.hpp"
#include "platform/events/tests/fixture.hpp"
#include "platform/events/tests/flaky_log.hpp"
#include "platform/observe/call.hpp"

namespace mc::events_test
{

namespace
{

timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

struct place
{
    temporary_folder folder;
    fake_clock now{noon};
    std::unique_ptr<embedded_log> kept =
        embedded_log::open({.file = folder / "log.db", .now = now});
    flaky_log log{*kept};
    std::unique_ptr<database> shop = open_database(folder / "parcel.db", "parcel", now);

    relay_options options()
    {
        return {.batch_max = 10,
                .delete_max = 20,
                .timer = std::chrono::hours(1),  // Nothing here may depend on it.
                .retry_first = milliseconds(5),
                .retry_longest = milliseconds(20)};
    }

    std::vector<log_record> told(std::string_view topic = parcel_moved::type.topic)
    {
        std::vector<log_record> all;
        for (partition_range const& part : kept->ranges(topic))
            for (log_record& each : kept->fetch(topic, part.partition, 0, 100'000))
                all.push_back(std::move(each));
        return all;
    }
};

// Each in a trace of its own.
result<> add_several(transaction& tx, std::int64_t count, std::size_t bytes)
{
    outbox::several events(tx);
    std::vector<call_context> calls(static_cast<std::size_t>(count));
    for (std::int64_t number = 1; number <= count; ++number)
    {
        call_context& as = calls[static_cast<std::size_t>(number - 1)];
        as.traceparent = small_text<55>(fmt::format("00-{:032x}-{:016x}-01", 7, number));
        tx.act_for(as);
        events.add(parcel_moved{.parcel_id = id_of<parcel>(number % 3 + 1),
                                .number = number,
                                .place = std::string(bytes, 'x')});
    }
    events.store();
    static call_context const nobody;
    tx.act_for(nobody);
    return result<>{};
}

std::vector<std::int64_t> numbers_of(std::vector<log_record> const& records, std::string_view key)
{
    std::vector<std::int64_t> numbers;
    for (log_record const& each : records)
        if (each.key == key)
            numbers.push_back(read_event_data<parcel_moved>(each.value).value().number);
    return numbers;
}

}  // namespace

TEST_CASE("outbox: many events of one transaction are stored as one by one, small and large ones")
{
    place at;
    for (std::int64_t const count : {0, 1, 7, 8, 31, 45, 100})
        REQUIRE(at.shop->write_now(add_several, count, std::size_t{10}));
    // Ten of them are too much for one statement at some servers.
    REQUIRE(at.shop->write_now(add_several, std::int64_t{10}, std::size_t{50'000}));
    std::vector<outbox::row> const rows =
        at.shop->read_now(outbox::next_rows, std::int64_t{0}, std::int64_t{1'000});
    std::vector<std::int64_t> numbers;
    for (outbox::row const& row : rows)
    {
        parcel_moved const moved = read_event_data<parcel_moved>(row.value).value();
        numbers.push_back(moved.number);
        CHECK(row.key == std::to_string(moved.number % 3 + 1));
        CHECK(row.aggregate_version == moved.number);
        CHECK(row.topic == parcel_moved::type.topic);
        CHECK(row.event_type == parcel_moved::type.name);
        CHECK(row.producer == "parcel-service");
        CHECK(row.traceparent.ends_with(fmt::format("{:016x}-01", moved.number)));
    }
    std::vector<std::int64_t> told;
    for (std::int64_t const count : {0, 1, 7, 8, 31, 45, 100, 10})
        for (std::int64_t number = 1; number <= count; ++number)
            told.push_back(number);
    CHECK(numbers == told);
}

TEST_CASE("relay: a commit wakes it, the record carries key, headers and the outbox's bytes")
{
    place at;
    relay sending(*at.shop, at.log, at.options());
    sending.start();
    {
        call_context call;
        call.traceparent =
            small_text<55>("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        call_scope const scope(call);
        tell(*at.shop, {id_of<parcel>{42}, 5, "Gent"});
    }
    CHECK(eventually([&] { return at.told().size() == 1 && outbox_size(*at.shop) == 0; }));
    sending.stop();

    log_record const told = at.told().at(0);
    CHECK(told.key == "42");
    CHECK(find_header(told.headers, "eventType") == "PARCEL_MOVED");
    CHECK(find_header(told.headers, "eventVersion") == "1");
    CHECK(find_header(told.headers, "producer") == "parcel-service");
    CHECK(find_header(told.headers, "aggregateVersion") == "5");
    CHECK(find_header(told.headers, "content-type") == "application/json");
    CHECK(find_header(told.headers, "traceparent") ==
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    CHECK(read_event_data<parcel_moved>(told.value)->place == "Gent");
    CHECK(sending.sent() == 1);
}

TEST_CASE(
    "relay: what was committed before it started is sent, per key in order, and nothing else stays")
{
    place at;
    tell_many(*at.shop, 1, 7, 30);
    relay sending(*at.shop, at.log, at.options());
    sending.start();
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sending.stop();
    std::vector<log_record> const told = at.told();
    CHECK(told.size() == 210);
    for (int key = 1; key <= 7; ++key)
    {
        std::vector<std::int64_t> const numbers = numbers_of(told, std::to_string(key));
        CHECK(numbers.size() == 30);
        CHECK(std::ranges::is_sorted(numbers));
    }
}

TEST_CASE("relay: a log that is away is waited for, and nothing is lost or reordered")
{
    place at;
    at.log.away = true;
    relay sending(*at.shop, at.log, at.options());
    sending.start();
    tell_many(*at.shop, 1, 3, 20);
    CHECK(eventually([&] { return at.log.refused > 3; }));
    CHECK(outbox_size(*at.shop) == 60);
    at.log.away = false;
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sending.stop();
    std::vector<log_record> const told = at.told();
    CHECK(told.size() == 60);
    CHECK(std::ranges::is_sorted(numbers_of(told, "2")));
}

TEST_CASE("relay: without an acknowledgement it sends again, though the log may have it twice then")
{
    place at;
    at.log.acknowledgements_to_lose = 2;
    relay sending(*at.shop, at.log, at.options());
    sending.start();
    tell(*at.shop, {id_of<parcel>{1}, 1, "Gent"});
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sending.stop();
    std::vector<log_record> const told = at.told();
    REQUIRE(told.size() == 3);
    CHECK(told[0].value == told[2].value);  // The same event id: whoever hears it can tell.
}

TEST_CASE("relay: a batch holds one MiB of keys and values, a larger event goes alone")
{
    struct row
    {
        char const* why;
        std::vector<std::size_t> sizes;  // Key and value together, in the order of the outbox.
        std::size_t in_first_batch;
    };
    constexpr std::size_t quarter = outbox::batch_bytes_max / 4;
    row const rows[] = {
        {"to the byte", {quarter, quarter, quarter, quarter, 100}, 4},
        {"one byte more", {quarter, quarter, quarter, quarter + 1, 100}, 3},
        {"the largest event there is", {outbox::batch_bytes_max + 1, 100}, 1},
        {"more portions than one", std::vector<std::size_t>(50, 100), 50},
        {"more portions, and too much", std::vector<std::size_t>(50, quarter / 10), 40},
    };
    auto const store = +[](transaction& tx, std::vector<std::size_t> const& sizes) -> result<>
    {
        for (std::size_t const size : sizes)
            outbox::store(tx, {std::string(size - 2, 'x')}, parcel_moved::type, "42", std::nullopt);
        return result<>{};
    };
    for (row const& each : rows)
    {
        CAPTURE(each.why);
        place at;
        REQUIRE(at.shop->write_now(store, each.sizes));
        std::vector<outbox::row> const batch =
            at.shop->read_now(outbox::next_rows, std::int64_t{0}, std::int64_t{100});
        CHECK(batch.size() == each.in_first_batch);
        std::vector<outbox::row> const rest =
            at.shop->read_now(outbox::next_rows, batch.back().id, std::int64_t{100});
        CHECK(batch.size() + rest.size() == each.sizes.size());
    }
}

TEST_CASE("relay: a backlog of large events is sent whole and in order")
{
    place at;
    for (std::int64_t number = 1; number <= 9; ++number)
        tell(*at.shop, {id_of<parcel>{1}, number, std::string(300'000, 'x')});
    relay sending(*at.shop, at.log, at.options());
    sending.start();
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sending.stop();
    CHECK(numbers_of(at.told(), "1") == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(at.log.largest_append <= outbox::batch_bytes_max);
    CHECK(at.log.largest_append > 900'000);
}

TEST_CASE("relay: an action that is refused tells nobody")
{
    place at;
    relay sending(*at.shop, at.log, at.options());
    sending.start();
    auto const refused = +[](transaction& tx) -> result<>
    {
        outbox::add(tx, parcel_moved{id_of<parcel>{1}, 1, "nowhere"});
        return error{error_kind::conflict, "test.refused", "No"};
    };
    CHECK_FALSE(at.shop->write_now(refused));
    tell(*at.shop, {id_of<parcel>{2}, 1, "Gent"});
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sending.stop();
    std::vector<log_record> const told = at.told();
    REQUIRE(told.size() == 1);
    CHECK(told[0].key == "2");
}

TEST_CASE("relay: an installation may call its topics otherwise")
{
    place at;
    relay_options options = at.options();
    options.names.rename("parcel-events", "prod.parcels");
    relay sending(*at.shop, at.log, options);
    sending.start();
    tell(*at.shop, {id_of<parcel>{1}, 1, "Gent"});
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sending.stop();
    CHECK(at.told("prod.parcels").size() == 1);
    CHECK(at.told().empty());
}

TEST_CASE("relay: what is committed while it stops is sent by the next one, once")
{
    place at;
    {
        relay sending(*at.shop, at.log, at.options());
        sending.start();
        std::thread telling(
            [&]
            {
                for (std::int64_t number = 1; number <= 50; ++number)
                    tell(*at.shop, {id_of<parcel>{1}, number, "Gent"});
            });
        CHECK(eventually([&] { return sending.sent() > 5; }));
        sending.stop();
        telling.join();
        relay second(*at.shop, at.log, at.options());
        second.start();
        CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
        second.stop();
        at.shop->close();
    }
    std::vector<std::int64_t> const numbers = numbers_of(at.told(), "1");
    CHECK(numbers.size() == 50);
    CHECK(std::ranges::is_sorted(numbers));
}

}  // namespace mc::events_test
