#pragma once

#include <vector>

#include "platform/observe/call.hpp"

namespace mc
{

// One of those whom an action or a look-up of many serves; see database::write_batched.
template <class Wanted>
struct batch_item
{
    Wanted const& wanted;
    call_context const& call;  // See transaction::act_for.
};

// All of them, in the order in which they came.
template <class Wanted>
using batch_of = std::vector<batch_item<Wanted>> const&;

}  // namespace mc
