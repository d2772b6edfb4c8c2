#include "services/user/actions/leave_out_lost_numbers.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "contracts/user_events.hpp"
#include "platform/auth/accounts.hpp"
#include "platform/observe/log.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

constexpr std::int64_t records_read_at_once = 256;

// What a stretch of a partition says.
struct heard
{
    std::int64_t highest = 0;
    bool of_a_creation = false;
};

// The key of a user event is the account's number; anything else is no event of ours.
std::int64_t number_of(std::string_view key)
{
    std::int64_t number = 0;
    std::from_chars_result const read =
        std::from_chars(key.data(), key.data() + key.size(), number);
    return read.ec == std::errc{} && read.ptr == key.data() + key.size() ? number : 0;
}

heard listen(event_log& log, std::string const& topic, partition_range part)
{
    heard told;
    std::int64_t at = part.first;
    while (at < part.end)
    {
        std::vector<log_record> const records =
            log.fetch(topic, part.partition, at, static_cast<std::size_t>(part.end - at));
        if (records.empty())
            break;
        for (log_record const& each : records)
        {
            told.highest = std::max(told.highest, number_of(each.key));
            told.of_a_creation = told.of_a_creation || find_header(each.headers, "eventType") ==
                                                           contracts::user_created::type.name;
        }
        at = records.back().offset + 1;
    }
    return told;
}

std::int64_t highest_known(past const& known)
{
    std::int64_t highest = 0;
    for (database* const each : known.databases)
    {
        std::optional<id_of<mc::user>> const heard_of = each->read_now(accounts::highest);
        highest = std::max(highest, heard_of ? heard_of->value : 0);
    }
    return highest;
}

result<std::int64_t> go_on_above(transaction& tx, std::int64_t number, timestamp now)
{
    std::int64_t const highest = users::highest_number(tx);
    if (highest < number)
        users::leave_out(tx, id_of<user>(number), now);
    return highest;
}

}  // namespace

std::int64_t highest_told(event_log& log, std::string const& topic)
{
    std::int64_t highest = 0;
    for (partition_range part : log.ranges(topic))
    {
        std::int64_t const first = part.first;
        heard told;
        while (!told.of_a_creation && part.end > first)
        {
            part.first = std::max(first, part.end - records_read_at_once);
            told = listen(log, topic, part);
            highest = std::max(highest, told.highest);
            part.end = part.first;
        }
    }
    return highest;
}

void leave_out_lost_numbers(deps& use, past const& known)
{
    std::string const topic = known.names.actual(contracts::user_created::type.topic);
    std::int64_t const highest = std::max(highest_told(known.log, topic), highest_known(known));
    if (highest <= use.db.read_now(users::highest_number))
        return;
    result<std::int64_t> const before = use.db.write_now(go_on_above, highest, use.clock.now());
    if (before && *before < highest)
        log_warning("accounts_lost", {{"highest_here", *before}, {"highest_heard_of", highest}});
}

}  // namespace mc::user_service::actions
