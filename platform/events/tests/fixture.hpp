#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <stdlib.h>

#include "platform/db/database.hpp"
#include "platform/events/consumer.hpp"
#include "platform/events/dead_letters.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/inbox.hpp"
#include "platform/events/logs/embedded/embedded_log.hpp"
#include "platform/events/outbox.hpp"
#include "platform/events/recorded.hpp"
#include "platform/events/relay.hpp"
#include "platform/events/subscriptions.hpp"
#include "platform/json/describe.hpp"

namespace mc::events_test
{

struct parcel;

// A folder of its own for each test, gone afterwards.
class temporary_folder
{
public:
    temporary_folder()
    {
        std::string made = (std::filesystem::temp_directory_path() / "mc-events-XXXXXX").string();
        REQUIRE(::mkdtemp(made.data()) != nullptr);
        path_ = made;
    }
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;

    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Waits for a fact that another thread brings about; false when it did not come true in a long
// time.
inline bool eventually(std::function<bool()> const& is_true)
{
    steady_time const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_true())
    {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
}

// Spaces out a load that is measured. No test waits like this.
inline void pause_for(std::chrono::microseconds time)
{
    if (time.count() > 0)
        std::this_thread::sleep_for(time);
}

struct parcel_moved
{
    static constexpr event_type type{"PARCEL_MOVED", 1, "parcel-events"};
    id_of<parcel> parcel_id;
    std::int64_t number;
    std::string place;

    id_of<parcel> key() const { return parcel_id; }
    std::int64_t aggregate_version() const { return number; }
};
MC_DESCRIBE(parcel_moved, parcel_id, number, place)

struct parcel_lost
{
    static constexpr event_type type{"PARCEL_LOST", 2, "parcel-events"};
    id_of<parcel> parcel_id;

    id_of<parcel> key() const { return parcel_id; }
};
MC_DESCRIBE(parcel_lost, parcel_id)

// What came into effect, in order, with the number of times.
struct effect_row
{
    std::string event_id;
    std::int64_t parcel_id;
    std::int64_t number;
    std::string place;
};
MC_DESCRIBE(effect_row, event_id, parcel_id, number, place)

std::span<migration const> effect_migrations();
std::unique_ptr<database> open_database(std::filesystem::path const& file, std::string name,
                                        clock const& now);
std::vector<effect_row> effects_of(database& in);
std::int64_t count_effects(database& in);
std::vector<dead_letter> letters_of(database& in);
result<> remember(transaction& tx, std::string const& event_id, parcel_moved const& moved);

// Commits one event, or many in one transaction.
void tell(database& in, parcel_moved const& moved);
void tell_many(database& in, std::int64_t first_parcel, std::int64_t parcels, std::int64_t each);
std::int64_t outbox_size(database& in);

// Puts a value into the log as a foreign producer would.
void append_raw(event_log& to, std::string key, std::string value, std::string headers = {});
std::string envelope_text(std::string_view event_id, std::int64_t parcel, std::int64_t number,
                          std::string_view place = "Utrecht");

// A listener whose handlers do what the test says. Outlives its consumer.
struct listener
{
    // Before the effect is stored.
    std::function<result<>(transaction&, parcel_moved const&)> moved;

    subscription_table table();
};

consumer_options group_options(std::string group, clock const& now);

}  // namespace mc::events_test
