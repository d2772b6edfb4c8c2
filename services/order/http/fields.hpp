#pragma once

#include <optional>
#include <string_view>

#include "contracts/ids.hpp"
#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/core/text.hpp"
#include "platform/json/read.hpp"
#include "platform/json/schema_writer.hpp"
#include "platform/json/writer.hpp"
#include "services/order/domain/order.hpp"

// The fields of requests whose refusals the wire contract words.
namespace mc::order_service
{

struct ordered_product : id_of<product>
{
    static constexpr std::string_view message = "Invalid productId";
};

// Judged only once the cart is known, as the contract orders its refusals: what is no quantity
// reads as 0, which the domain refuses.
struct order_quantity
{
    std::optional<std::int64_t> units;  // Absent: the whole line.
};

// Any word; which ones an admin may set is the domain's to say.
struct admin_status : text<1, 1000>
{
    static constexpr std::string_view message = "Status is required";
};

}  // namespace mc::order_service

namespace mc::json
{

template <>
struct codec<order_service::order_quantity>
{
    static constexpr bool may_be_missing = true;
    static void read(reader& from, order_service::order_quantity& into);
    static void write(writer& to, order_service::order_quantity const& value);
    static void schema(schema_writer& to);
};

}  // namespace mc::json
