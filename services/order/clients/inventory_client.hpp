#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/http/client.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service
{

enum class hold_outcome
{
    held,          // By this call, and nobody else knows of it.
    held_already,  // By an earlier call with this placement id, whoever made it.
    refused,       // Too few units of some product; nothing is held.
    used_up        // The placement id is an order's, was given back, or holds other lines.
};

struct hold_answer
{
    hold_outcome outcome;
    steady_time held_until = {};           // By our own clock, counted from when we first asked.
    std::vector<shortage> shortages = {};  // Of a refusal, at least one.
};

// Stock of the inventory service, held for an order that is about to be written
// (contracts/stock_holds.hpp). All lines are held or none.
class inventory_client
{
public:
    virtual ~inventory_client() = default;
    // Asks until there is a definite answer. No answer, a broken one and 5xx say nothing of what
    // inventory did; since a placement id holds once however often it is asked for, the same
    // request is sent again, and so is one for a product that inventory has not heard of yet.
    // Error: none came in time (`unavailable`: a hold may have been taken, and lapses), or an
    // answer that no order explains (`bad_gateway`).
    virtual awaitable<result<hold_answer>> hold(std::string placement_id,
                                                std::vector<stock_need> needs) = 0;
    // Gives the hold back before it lapses. Best effort: no answer is no harm.
    virtual awaitable<> release(std::string placement_id) = 0;
};

struct inventory_limits
{
    milliseconds hold_time_max;  // For all attempts of one hold together.
    seconds hold_for;            // Then inventory lets the hold lapse.
};
// How often a hold is sent again after no answer: fewer than this, and of all holds no more than a
// tenth (http::retry_budget).
inline constexpr int hold_attempts_max = 4;
// Nobody is better off by waiting long for it: what is not given back lapses.
inline constexpr milliseconds release_time_max{500};

std::unique_ptr<inventory_client> make_inventory_client(std::unique_ptr<http::service_client> to,
                                                        inventory_limits limits);

}  // namespace mc::order_service
