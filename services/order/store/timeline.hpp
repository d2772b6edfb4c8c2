#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/timeline.hpp"

// The table `order_timeline`: what an order's own row does not say.
namespace mc::order_service::timeline
{

// Notes a step of an order that exists. A step that is noted already stays as it was.
void note(transaction& tx, id_of<order> of, timeline_entry const& what);

std::vector<timeline_entry> of_order(snapshot& in, id_of<order> of);

}  // namespace mc::order_service::timeline
