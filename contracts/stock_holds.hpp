#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"
#include "platform/json/describe.hpp"

// How the order service asks the inventory service to hold stock while an order is written:
//     PUT    /internal/holds/{placementId}   hold_request → 201, or 200 when it is held already:
//                                            stock_hold, state "held" (or "taken": by an order)
//                                            → 409 hold_refusal
//     DELETE /internal/holds/{placementId}   → 204, whether or not there is such a hold
// A placement id is a UUID that the order service mints, one per order to be. A hold is all lines
// or none, and lapses by itself; ORDER_CREATED with its placement id turns it into a reservation.
namespace mc::contracts
{

struct stock_line
{
    id_of<product> product_id;
    std::int64_t quantity;
};
MC_DESCRIBE(stock_line, product_id, quantity)

struct hold_request
{
    std::vector<stock_line> lines;  // At least one; lines of one product are summed.
    std::int64_t hold_seconds;
};
MC_DESCRIBE(hold_request, lines, hold_seconds)

struct stock_hold
{
    std::string placement_id;
    std::string state;
    timestamp held_until;
};
MC_DESCRIBE(stock_hold, placement_id, state, held_until)

struct stock_shortage
{
    id_of<product> product_id;
    std::int64_t requested;
    std::int64_t available;
};
MC_DESCRIBE(stock_shortage, product_id, requested, available)

// State: "refused": `shortages` says what is short. "released": the hold was given back, and this
// placement id holds nothing any more. "unknown": inventory has not heard of a product yet
// (PRODUCT_CREATED is on its way); the same request may be answered otherwise in a moment.
struct hold_refusal
{
    std::string state;
    std::vector<stock_shortage> shortages;
};
MC_DESCRIBE(hold_refusal, state, shortages)

}  // namespace mc::contracts
