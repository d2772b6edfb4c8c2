#include <algorithm>
#include <numeric>
#include <vector>

#include "platform/events/tests/listening_place.hpp"
#include "platform/observe/trace.hpp"

// Handlers of many events.
namespace mc::events_test
{

namespace
{

struct many_listener
{
    std::vector<std::size_t> sizes;       // Of the spans, in the order of the calls.
    std::optional<std::int64_t> refuses;  // The span that holds this number.
};

// Stores what it is told, each with its event's own id, and tells of it as its event's trace.
result<> store_all(transaction& tx, many_listener& use, std::span<told<parcel_moved> const> events)
{
    use.sizes.push_back(events.size());
    for (told<parcel_moved> const& each : events)
    {
        if (use.refuses == each.event.number)
            return unwilling();
        if (result<> const done = remember(tx, each.meta.event_id, each.event); !done)
            return done;
        tx.act_for(*each.call);
        outbox::add(tx, parcel_lost{each.event.parcel_id});
    }
    return result<>{};
}

result<> heard_of_lost(transaction&, many_listener& use, parcel_lost const&)
{
    use.sizes.push_back(0);
    return result<>{};
}

std::string lost_text(std::int64_t number)
{
    return fmt::format(R"({{"eventId":"lost-{}","eventType":"PARCEL_LOST","eventVersion":2,)"
                       R"("occurredAt":"2026-11-22T12:00:00.000Z","producer":"parcel-service",)"
                       R"("data":{{"parcelId":7}}}})",
                       number);
}

// As listening_place, with a handler of many.
struct many_place : listening_place
{
    many_listener many;

    many_place()
    {
        subscription_table made;
        subscriptions<many_listener> to{made, many};
        to.on_many<parcel_moved>(store_all);
        to.on<parcel_lost>(heard_of_lost);
        table = std::move(made);
    }
    void comes(std::int64_t parcel, std::int64_t number, std::string const& headers = {})
    {
        append_raw(*kept, std::to_string(parcel),
                   envelope_text(fmt::format("e-{}", number), parcel, number), headers);
    }
    std::size_t largest() const { return std::ranges::max(many.sizes); }
};

std::vector<std::int64_t> up_to(std::int64_t last)
{
    std::vector<std::int64_t> all(static_cast<std::size_t>(last));
    std::iota(all.begin(), all.end(), 1);
    return all;
}

}  // namespace

TEST_CASE("handler of many: what stands together comes together, in order, each once in effect")
{
    many_place at;
    for (std::int64_t number = 1; number <= 200; ++number)
        at.comes(7, number);
    at.start();
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == up_to(200));
    CHECK(at.many.sizes.size() < 20);
    CHECK(at.largest() >= 100);
    at.hearing->stop();

    // Delivered once more, and among them new ones.
    for (std::int64_t number = 101; number <= 250; ++number)
        at.comes(7, number);
    at.start();
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == up_to(250));
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("handler of many: among events of others each is still in effect once")
{
    many_place at;
    for (int delivery = 0; delivery < 2; ++delivery)
    {
        std::int64_t number = 0;
        for (std::int64_t lost = 1; lost <= 60; ++lost)
        {
            append_raw(*at.kept, "7", lost_text(lost));
            // So that spans begin and end at every place of what is recorded at once.
            for (std::int64_t more = 0; more < lost % 7; ++more)
                at.comes(7, ++number);
            if (lost % 20 == 0)
                for (std::int64_t more = 0; more < 45; ++more)
                    at.comes(7, ++number);
        }
        at.start();
        CHECK(at.hears_all());
        at.hearing->stop();
        CHECK(at.numbers(7) == up_to(number));
        CHECK(std::ranges::count(at.many.sizes, 0U) == 60);
    }
    CHECK(at.largest() > 20);
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("handler of many: one event that it refuses waits alone, and later ones of its key")
{
    many_place at;
    at.many.refuses = 55;
    for (std::int64_t number = 1; number <= 100; ++number)
        at.comes(1 + number % 10, number);
    at.start();
    CHECK(at.hears_all());
    // 55 and what is of the same parcel after it.
    CHECK(at.numbers(6) == std::vector<std::int64_t>{5, 15, 25, 35, 45});
    CHECK(letters_of(*at.shop).size() == 5);
    for (std::int64_t parcel : {1, 2, 3, 4, 5, 7, 8, 9, 10})
        CHECK(at.numbers(parcel).size() == 10);

    at.many.refuses.reset();
    CHECK(at.let_it_retry_until([&] { return letters_of(*at.shop).empty(); }));
    CHECK(at.numbers(6) == std::vector<std::int64_t>{5, 15, 25, 35, 45, 55, 65, 75, 85, 95});
}

TEST_CASE("handler of many: what nobody hears does not part them, an unreadable one does no harm")
{
    many_place at;
    for (std::int64_t number = 1; number <= 30; ++number)
    {
        at.comes(7, number);
        if (number == 10)
            append_raw(*at.kept, "7",
                       R"({"eventId":"o-1","eventType":"OTHER","eventVersion":1,)"
                       R"("occurredAt":"2026-11-22T12:00:00.000Z",)"
                       R"("producer":"x","data":{}})");
        if (number == 20)
            append_raw(*at.kept, "7", "null");
    }
    at.start();
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == up_to(30));
    CHECK(at.many.sizes == std::vector<std::size_t>{20, 10});
    CHECK(states_of(*at.shop) == std::vector{state::unreadable});
}

TEST_CASE("handler of many: what it tells goes on in the trace of the event that it is about")
{
    many_place at;
    std::vector<std::string> traces;
    for (std::size_t i = 0; i < 3; ++i)
    {
        traces.push_back(fmt::format("00-{:032x}-{:016x}-01", 7 + i, 70 + i));
        std::string headers;
        add_header(headers, "traceparent", traces[i]);
        at.comes(7, static_cast<std::int64_t>(i) + 1, headers);
    }
    at.start();
    CHECK(at.hears_all());
    CHECK(at.many.sizes == std::vector<std::size_t>{3});
    std::vector<outbox::row> const rows =
        at.shop->read_now(outbox::next_rows, std::int64_t{0}, std::int64_t{10});
    REQUIRE(rows.size() == traces.size());
    for (std::size_t i = 0; i < traces.size(); ++i)
        CHECK(rows[i].traceparent.substr(0, 35) == traces[i].substr(0, 35));
}

}  // namespace mc::events_test
