#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "platform/events/tests/fixture.hpp"

#include <array>

#include <fmt/format.h>

namespace mc::events_test
{

namespace
{

constexpr std::array<migration, 1> migrations{migration{1, "effects", R"(
    CREATE TABLE effects (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id  TEXT    NOT NULL,
        parcel_id INTEGER NOT NULL,
        number    INTEGER NOT NULL,
        place     TEXT    NOT NULL
    ) STRICT;
)"}};

constexpr statement add_effect_sql{"test.add_effect", R"(
    INSERT INTO effects (event_id, parcel_id, number, place) VALUES (?, ?, ?, ?)
)"};
constexpr statement effects_sql{"test.effects", R"(
    SELECT event_id, parcel_id, number, place FROM effects ORDER BY id LIMIT 1000000
)"};
// No effect is ever deleted while they are counted.
constexpr statement count_sql{"test.count_effects", "SELECT MAX(id) FROM effects"};

std::vector<effect_row> list_effects(snapshot& from) { return from.list<effect_row>(effects_sql); }

std::int64_t number_of_effects(snapshot& from) { return from.number(count_sql).value_or(0); }

std::vector<dead_letter> list_letters(snapshot& from)
{
    return dead_letters::list(from, 0, 100'000);
}

result<> add_moved(transaction& tx, parcel_moved const& moved)
{
    outbox::add(tx, moved);
    return result<>{};
}

result<> add_many(transaction& tx, std::int64_t first_parcel, std::int64_t parcels,
                  std::int64_t each)
{
    for (std::int64_t number = 1; number <= each; ++number)
        for (std::int64_t parcel = first_parcel; parcel < first_parcel + parcels; ++parcel)
            outbox::add(tx, parcel_moved{id_of<events_test::parcel>{parcel}, number, "Utrecht"});
    return result<>{};
}

result<> take_moved(transaction& tx, listener& use, parcel_moved const& moved,
                    event_meta const& meta)
{
    if (use.moved)
    {
        result<> const done = use.moved(tx, moved);
        if (!done)
            return done;
    }
    return remember(tx, meta.event_id, moved);
}

}  // namespace

std::span<migration const> effect_migrations() { return migrations; }

std::unique_ptr<database> open_database(std::filesystem::path const& file, std::string name,
                                        clock const& now)
{
    return database::open({.name = name,
                           .producer = name + "-service",
                           .file = file,
                           .migrations = effect_migrations(),
                           .now = now});
}

std::vector<effect_row> effects_of(database& in) { return in.read_now(list_effects); }

std::int64_t count_effects(database& in) { return in.read_now(number_of_effects); }

std::vector<dead_letter> letters_of(database& in) { return in.read_now(list_letters); }

result<> remember(transaction& tx, std::string const& event_id, parcel_moved const& moved)
{
    tx.insert(add_effect_sql, event_id, moved.parcel_id, moved.number, moved.place);
    return result<>{};
}

void tell(database& in, parcel_moved const& moved) { in.write_now(add_moved, moved).value(); }

void tell_many(database& in, std::int64_t first_parcel, std::int64_t parcels, std::int64_t each)
{
    in.write_now(add_many, first_parcel, parcels, each).value();
}

std::int64_t outbox_size(database& in) { return in.read_now(outbox::count); }

void append_raw(event_log& to, std::string key, std::string value, std::string headers)
{
    std::array<std::string, 1> const topics{std::string(parcel_moved::type.topic)};
    to.make_topics(topics);
    std::array<outgoing_record, 1> const batch{
        outgoing_record{topics[0], std::move(key), std::move(headers), std::move(value)}};
    to.append(batch);
}

std::string envelope_text(std::string_view event_id, std::int64_t parcel, std::int64_t number,
                          std::string_view place)
{
    return fmt::format(R"({{"eventId":"{}","eventType":"PARCEL_MOVED","eventVersion":1,)"
                       R"("occurredAt":"2026-11-22T12:00:00.000Z","producer":"parcel-service",)"
                       R"("data":{{"parcelId":{},"number":{},"place":"{}"}}}})",
                       event_id, parcel, number, place);
}

subscription_table listener::table()
{
    subscription_table made;
    subscriptions<listener> to{made, *this};
    to.on<parcel_moved>(take_moved);
    return made;
}

consumer_options group_options(std::string group, clock const& now)
{
    return {.group = std::move(group),
            .now = now,
            .timer = milliseconds(200),
            .retry_first = milliseconds(10),
            .retry_longest = milliseconds(50)};
}

}  // namespace mc::events_test
