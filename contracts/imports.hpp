#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "platform/events/outbox.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/write.hpp"

// What a service and the program that brings in another system's rows say to each other. The rule
// for each row, whatever its kind:
//   not here yet                              → brought in, under its own number
//   here, and unchanged there since           → left as it is, whatever was done to it here
//   changed there, and untouched here since   → brought up to date
//   changed there, and changed here since     → skipped: what was done here counts
//   its number is that of a row made here     → skipped
// "Since" is since the row was last brought in (platform/db/imported_rows.hpp).
namespace mc::imports
{

enum class outcome
{
    brought,
    updated,
    unchanged,
    skipped
};
MC_DESCRIBE_ENUM(outcome, brought, updated, unchanged, skipped)

// Why a row was skipped, or what of it was mended. Both are literals; the sentence follows on
// "because " or on "mended: ".
struct reason
{
    std::string_view code;
    std::string_view sentence;
};

// What became of one row: skipped for one reason, or brought with what was mended of it.
struct verdict
{
    std::int64_t id = 0;
    outcome what = outcome::skipped;
    std::vector<reason> why = {};
};

inline verdict skipped(std::int64_t id, reason why) { return {id, outcome::skipped, {why}}; }

// Reasons that every kind of row may have.
inline constexpr reason changed_here{
    "changed_here", "it was changed in the other system, and here as well since it was brought in"};
inline constexpr reason number_taken{"number_taken", "its number is that of a row made here"};
inline constexpr reason number_unusable{"number_unusable", "its number is not above zero"};
inline constexpr reason time_missing{"time_missing",
                                     "it does not say when it was made; the time of the import is "
                                     "taken"};
inline constexpr reason owner_is_another{
    "owner_is_another", "the number of its owner is that of an account made here, somebody else's"};

// A line of text as ours are: control characters become blanks, both ends are trimmed, and what is
// over `max` code points is cut off.
struct line
{
    std::string value;
    bool is_cleaned = false;
    bool is_cut = false;
};
line one_line(std::string_view raw, std::size_t max);

// The whole number that a text says: -?[0-9]+ within 64 bits; nothing when it says anything else.
std::optional<std::int64_t> whole_number(std::optional<std::string> const& digits);

// Milliseconds since 1970 as a moment; nothing for none, and for the zero that MySQL gives for a
// date it cannot make a moment of.
std::optional<timestamp> moment(std::optional<std::int64_t> epoch_milliseconds);

// Adds an event of something that happened before: outbox::add with another occurredAt. An account
// brought in was made when it was made; consumers compare that with what they heard of it before.
void tell(transaction& tx, event_type const& type, std::string key,
          std::optional<std::int64_t> aggregate_version, std::string data, timestamp occurred);

template <event_struct E>
void tell_as_of(transaction& tx, E const& happened, timestamp occurred)
{
    tell(tx, E::type, event_key(happened.key()), aggregate_version_of(happened),
         json::to_text(happened), occurred);
}

// A product as a cart has to know it.
struct product_fact
{
    id_of<product> id;
    money price;
    bool is_offered = false;
};

// What a batch of rows has to know of other services' rows.
struct surroundings
{
    std::set<std::int64_t> others;    // Users' numbers that belong to accounts made here.
    std::set<std::int64_t> unknown;   // Users' numbers that belong to no account.
    std::vector<product_fact> facts;  // By id: of the products that are here.
    enum class catalogue
    {
        elsewhere,  // Products were never brought in, so nothing is known of any.
        here
    } products = catalogue::elsewhere;

    product_fact const* find(std::int64_t product_id) const;
};

}  // namespace mc::imports
