#include <string>
#include <vector>

#include "platform/core/encoding.hpp"
#include "platform/events/tests/fixture.hpp"

namespace mc::events_test
{

namespace
{

timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

struct row
{
    char const* what;
    std::string value;
};

std::string with(std::string text, std::string_view old, std::string_view now)
{
    std::size_t const at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), now);
}

}  // namespace

TEST_CASE("an event's value is exactly the six members of the contract, compact and in order")
{
    temporary_folder const folder;
    fake_clock now(noon);
    std::unique_ptr<database> const shop = open_database(folder / "parcel.db", "parcel", now);

    tell(*shop, {id_of<parcel>{7}, 3, "Köln \"Süd\""});

    std::vector<std::string> const values = recorded_values(*shop, "PARCEL_MOVED");
    REQUIRE(values.size() == 1);
    std::string const id = values[0].substr(12, 36);
    CHECK(values[0] == R"({"eventId":")" + id +
                           R"(","eventType":"PARCEL_MOVED","eventVersion":1,)"
                           R"("occurredAt":"2026-11-22T12:00:00.000Z","producer":"parcel-service",)"
                           R"("data":{"parcelId":7,"number":3,"place":"Köln \"Süd\""}})");
    CHECK(id[14] == '4');  // A UUID of version 4.
    CHECK(id[8] == '-');
}

TEST_CASE(
    "what was written is read back, and recorded<E> gives the tests of a service their events")
{
    temporary_folder const folder;
    fake_clock now(noon);
    std::unique_ptr<database> const shop = open_database(folder / "parcel.db", "parcel", now);
    tell(*shop, {id_of<parcel>{7}, 1, "Köln"});
    tell(*shop, {id_of<parcel>{8}, 2, "Delft"});

    std::vector<parcel_moved> const told = recorded<parcel_moved>(*shop);
    REQUIRE(told.size() == 2);
    CHECK(told[0].place == "Köln");
    CHECK(told[1].parcel_id.value == 8);
    CHECK(recorded<parcel_lost>(*shop).empty());

    result<envelope> const head = read_envelope(recorded_values(*shop, "PARCEL_MOVED")[1]);
    REQUIRE(head);
    CHECK(head->event_type == "PARCEL_MOVED");
    CHECK(head->event_version == 1);
    CHECK(head->occurred_at == noon);
    CHECK(head->producer == "parcel-service");
}

TEST_CASE("the spellings of foreign producers are understood and unknown members ignored")
{
    std::string const ours = envelope_text("e-1", 7, 3);
    for (row const& each : std::vector<row>{
             {"event for eventType", with(ours, "\"eventType\"", "\"event\"")},
             {"both of them", with(ours, "{\"eventId\"", R"({"event":"PARCEL_MOVED","eventId")")},
             {"payload for data", with(ours, "\"data\"", "\"payload\"")},
             {"a null beside it", with(ours, "{\"eventId\"", R"({"payload":null,"eventId")")},
             {"something else called payload",
              with(ours, "{\"eventId\"", R"({"payload":"x","eventId")")},
             {"members nobody knows", with(ours, "{\"eventId\"", R"({"v":[1,{"a":2}],"eventId")")},
             {"members of data nobody knows", with(ours, "\"number\"", R"("x":{},"number")")},
             {"another order", R"({"data":{"place":"a","number":3,"parcelId":"7"},"producer":"p",)"
                               R"("occurredAt":"2026-11-22T13:00:00+01:00","eventVersion":1,)"
                               R"("eventId":"e-1","eventType":"PARCEL_MOVED"})"},
             {"blanks", with(ours, "\"data\":", " \"data\" :\n ")}})
    {
        CAPTURE(each.what);
        result<envelope> const head = read_envelope(each.value);
        REQUIRE(head);
        CHECK(head->event_type == "PARCEL_MOVED");
        CHECK(head->occurred_at == noon);
        result<parcel_moved> const moved = read_event_data<parcel_moved>(each.value);
        REQUIRE(moved);
        CHECK(moved->parcel_id.value == 7);
        CHECK(moved->number == 3);
    }
}

TEST_CASE("an envelope that is not one is refused with a reason")
{
    std::string const ours = envelope_text("e-1", 7, 3);
    for (row const& each : std::vector<row>{
             {"nothing", ""},
             {"the JSON null of a tombstone", "null"},
             {"no JSON", "hello"},
             {"half of it", ours.substr(0, ours.size() / 2)},
             {"something behind it", ours + "x"},
             {"a number", "5"},
             {"a list", "[1,2]"},
             {"an empty object", "{}"},
             {"invalid UTF-8", with(ours, "e-1", "e-\xff")},
             {"a lone surrogate", with(ours, "e-1", "e-\\ud800")},
             {"no id", with(ours, "\"eventId\":\"e-1\",", "")},
             {"an empty id", with(ours, "e-1", "")},
             {"a numeric id", with(ours, "\"e-1\"", "5")},
             {"an id beyond the limit",
              with(ours, "e-1", std::string(event_word_bytes_max + 1, 'x'))},
             {"no type", with(ours, "\"eventType\":\"PARCEL_MOVED\",", "")},
             {"no version", with(ours, "\"eventVersion\":1,", "")},
             {"a version of words", with(ours, ":1,", ":\"one\",")},
             {"no time", with(ours, "\"occurredAt\":\"2026-11-22T12:00:00.000Z\",", "")},
             {"an impossible time", with(ours, "2026-11-22", "2026-13-22")},
             {"no producer", with(ours, "\"producer\":\"parcel-service\",", "")},
             {"an id twice", with(ours, "{\"eventId\"", R"({"eventId":"e-2","eventId")")}})
    {
        CAPTURE(each.what);
        result<envelope> const head = read_envelope(each.value);
        REQUIRE_FALSE(head);
        CHECK(head.error().kind == error_kind::invalid);
        CHECK_FALSE(head.error().message.empty());
    }
    CHECK(read_envelope(with(ours, "e-1", std::string(event_word_bytes_max, 'x'))));
}

TEST_CASE("data that is missing or wrong is refused, whatever it is called")
{
    std::string const ours = envelope_text("e-1", 7, 3);
    for (row const& each : std::vector<row>{
             {"none", with(ours, "\"data\"", "\"date\"")},
             {"null", R"({"data":null})"},
             {"a list of nothing", R"({"data":[]})"},
             {"a member missing", with(ours, "\"number\"", "\"numbers\"")},
             {"a text for a number", with(ours, "\"number\":3", "\"number\":\"x\"")},
             {"an id of nobody", with(ours, "\"parcelId\":7", "\"parcelId\":0")},
             {"a member twice", with(ours, "\"number\":3", "\"number\":3,\"number\":4")}})
    {
        CAPTURE(each.what);
        CHECK_FALSE(read_event_data<parcel_moved>(each.value));
    }
}

TEST_CASE("an event may be as large as the limit and no larger")
{
    temporary_folder const folder;
    fake_clock now(noon);
    std::unique_ptr<database> const shop = open_database(folder / "parcel.db", "parcel", now);
    tell(*shop, {id_of<parcel>{1}, 1, ""});
    std::size_t const empty = recorded_values(*shop, "PARCEL_MOVED")[0].size();

    std::string const largest(event_bytes_max - empty, 'x');
    tell(*shop, {id_of<parcel>{1}, 1, largest});
    CHECK(recorded<parcel_moved>(*shop).at(1).place == largest);
    CHECK(read_envelope(recorded_values(*shop, "PARCEL_MOVED")[1]));

    CHECK_THROWS_AS(tell(*shop, {id_of<parcel>{1}, 1, largest + 'x'}), std::length_error);
    CHECK(outbox_size(*shop) == 2);
    std::string const too_large = envelope_text("e-1", 7, 3, std::string(event_bytes_max, 'x'));
    CHECK(read_envelope(too_large).error().code == "event.too_large");
}

TEST_CASE("headers keep any bytes and are found by their whole name")
{
    std::string headers;
    add_header(headers, "eventType", "A");
    add_header(headers, "event", "100%\r\nx: y");
    add_header(headers, "odd:name", std::string("\0\xff", 2));
    CHECK(find_header(headers, "eventType") == "A");
    CHECK(find_header(headers, "event") == "100%\r\nx: y");
    CHECK(find_header(headers, "odd:name") == std::string("\0\xff", 2));
    CHECK(find_header(headers, "eventTyp") == std::nullopt);
    CHECK(find_header(headers, "x") == std::nullopt);
    CHECK(find_header("", "event") == std::nullopt);
}

TEST_CASE("a key has the partition that Java and kafkajs give it")
{
    // The hashes of Apache Kafka's own UtilsTest.testMurmur2, positive part.
    auto const java = [](std::int32_t hash) { return hash & 0x7fffffff; };
    constexpr int no_modulo = 0x7fffffff;
    CHECK(partition_of("21", no_modulo) == java(-973932308));
    CHECK(partition_of("foobar", no_modulo) == java(-790332482));
    CHECK(partition_of("a-little-bit-long-string", no_modulo) == java(-985981536));
    CHECK(partition_of("a-little-bit-longer-string", no_modulo) == java(-1486304829));
    CHECK(partition_of("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", no_modulo) ==
          java(-58897971));
    CHECK(partition_of("abc", no_modulo) == java(479470107));
    CHECK(partition_of("21", 3) == java(-973932308) % 3);
}

TEST_CASE("topics keep their names unless an installation renames them")
{
    topic_names names;
    names.rename("user-events", "prod.users");
    CHECK(names.actual("user-events") == "prod.users");
    CHECK(names.actual("order-events") == "order-events");
}

}  // namespace mc::events_test
