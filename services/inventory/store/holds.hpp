#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

// The table `holds`.
namespace mc::inventory_service::holds
{

// False: there is one with this placement id.
bool add(transaction& tx, hold const& made, timestamp now);
struct new_hold
{
    hold made;
    timestamp at;
};
// The same for many with few statements. False: there is one with one of these placement ids, and
// what was added of the others is to be undone.
bool add_all(transaction& tx, std::vector<new_hold> all);
std::optional<hold> find(snapshot& in, placement_id const& placement);

// Each a compare-and-set on the state before; false when it is another one.
bool hold_again(transaction& tx, hold const& of, timestamp now);  // lapsed → held
bool end(transaction& tx, hold const& of, hold_state to, timestamp now);
// held → taken, if it holds exactly these lines. By which order stands in order_stock; the column
// holds.order_id said so, too, and is not written any more.
bool take(transaction& tx, placement_id const& placement, stock_lines const& lines, timestamp now);
// Held until later than before. False: it is not held, or until as late already.
bool extend(transaction& tx, hold const& of, timestamp now);

// When the next one that is held lapses.
std::optional<timestamp> next_end(snapshot& in);
std::vector<hold> due(snapshot& in, timestamp now, std::int64_t rows_max);
// Looked at again then: what could not be given back must not be tried without end.
void postpone(transaction& tx, hold const& of, timestamp until, timestamp now);

// Those that are held, in the order of their ends; `after` is the last one of the page before.
std::vector<hold> held(snapshot& in, hold const& after, std::int64_t rows_max);

// Forgets at most rows_max holds that ended before.
result<std::int64_t> purge(transaction& tx, timestamp before, std::int64_t rows_max);

}  // namespace mc::inventory_service::holds
