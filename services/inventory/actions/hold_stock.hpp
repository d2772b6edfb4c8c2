#pragma once

#include <functional>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

namespace mc::inventory_service::actions
{

enum class holding
{
    begun,
    was_there
};

struct held_stock
{
    hold_state state = hold_state::held;  // Or taken: its order is placed already.
    timestamp held_until;
    holding is = holding::begun;
};

// Why nothing is held. Nothing of it is stored, so the same placement may ask again.
struct refused_hold
{
    enum class because
    {
        nothing,   // It is no refusal.
        refused,   // Too little of these.
        released,  // It was given back, for ever.
        unknown    // A product is not known yet.
    };
    because why = because::nothing;
    std::vector<shortage> shortages = {};
};

// What the order service asks for.
struct wanted_hold
{
    placement_id placement;
    stock_lines lines;  // Summed.
    timestamp until;
    timestamp now;
    std::reference_wrapper<refused_hold> refused;  // The asker's, who waits.
};

// Puts the lines aside for a placement until `until`: all of them or none. Asked again with the
// same lines it holds on, now until `until`, and with other lines it is refused. `refused` says
// more of an error hold_refused; it is overwritten by every run.
result<held_stock> hold_stock(transaction& tx, wanted_hold const& wanted);

}  // namespace mc::inventory_service::actions
