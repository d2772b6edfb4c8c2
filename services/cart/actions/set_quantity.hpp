#pragma once

#include <cstdint>
#include <optional>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

namespace mc::cart_service::actions
{

// Sets a line's quantity, 0 removes the line. The offer is only there when the line is to grow; it
// counts as with add_item. Answers with the whole cart as it is then.
result<cart> set_quantity(transaction& tx, id_of<user> owner, id_of<product> of,
                          std::int64_t quantity, std::optional<offer> offered, timestamp now);

}  // namespace mc::cart_service::actions
