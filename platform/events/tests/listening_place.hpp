#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/events/tests/fixture.hpp"
#include "platform/events/tests/flaky_log.hpp"

namespace mc::events_test
{

inline timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

inline error unwilling() { return error{error_kind::conflict, "test.unwilling", "Not today"}; }

// A log, one service that hears PARCEL_MOVED, and its consumer.
struct listening_place
{
    temporary_folder folder;
    fake_clock now{noon};
    std::unique_ptr<embedded_log> kept =
        embedded_log::open({.file = folder / "log.db", .now = now});
    flaky_log log{*kept};
    std::unique_ptr<database> shop = open_database(folder / "shop.db", "shop", now);
    listener hears;
    subscription_table table = hears.table();
    std::unique_ptr<consumer> hearing;

    void start()
    {
        hearing =
            std::make_unique<consumer>(*shop, log, table, group_options("shop-service-group", now));
        hearing->start();
    }
    void restart()
    {
        hearing->stop();
        start();
    }
    bool hears_all()
    {
        return eventually([&] { return everything_taken_in(); });
    }
    bool everything_taken_in()
    {
        std::int64_t behind = 0;
        for (partition_range const& part : kept->ranges(parcel_moved::type.topic))
            behind += part.end - stored(part.partition).value_or(0);
        return behind == 0;
    }
    std::optional<std::int64_t> stored(int partition);
    // The pauses before a parked message's next try, all of them.
    bool let_it_retry_until(std::function<bool()> const& is_true)
    {
        return eventually(
            [&]
            {
                now.advance(milliseconds(50));
                hearing->wake();
                return is_true();
            });
    }
    std::vector<std::int64_t> numbers(std::int64_t parcel_id)
    {
        std::vector<std::int64_t> found;
        for (effect_row const& each : effects_of(*shop))
            if (each.parcel_id == parcel_id)
                found.push_back(each.number);
        return found;
    }
};

inline constexpr statement stored_sql{"test.stored", R"(
    SELECT next_offset FROM consumer_offsets WHERE topic = 'parcel-events' AND partition_number = ?
)"};

inline std::optional<std::int64_t> stored_offset(snapshot& from, int partition)
{
    return from.number(stored_sql, partition);
}

inline std::optional<std::int64_t> listening_place::stored(int partition)
{
    return shop->read_now(stored_offset, partition);
}

using state = dead_letter_state;

inline std::vector<state> states_of(database& in)
{
    std::vector<state> states;
    for (dead_letter const& each : letters_of(in))
        states.push_back(each.state);
    return states;
}

}  // namespace mc::events_test
