#include "services/order/domain/order.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "platform/core/text.hpp"
#include "services/order/domain/errors.hpp"

namespace mc::order_service
{
namespace
{

order changed(order placed, order_status to, timestamp now)
{
    placed.status = to;
    placed.updated_at = now;
    ++placed.version;
    return placed;
}

order cancelled(order placed, cancel_reason why, timestamp now)
{
    order ended = changed(std::move(placed), order_status::cancelled, now);
    ended.cancelled_at = now;
    ended.cancelled_because = why;
    return ended;
}

}  // namespace

std::string_view word_of(order_status status) noexcept
{
    return boost::describe::enum_to_string(status, "");
}

result<order_status> status_an_admin_may_set(std::string_view word)
{
    order_status named{};
    bool const is_status =
        boost::describe::enum_from_string(lower_case(trimmed(word)).c_str(), named);
    if (!is_status || named == order_status::pending)
        return no_such_status();
    return named;
}

result<order> cancel(order placed, cancel_reason why, timestamp now)
{
    if (placed.status == order_status::cancelled)
        return placed;
    if (placed.status != order_status::pending)
        return only_pending_can_be_cancelled();
    return cancelled(std::move(placed), why, now);
}

std::optional<timestamp> expiry_of(timestamp placed, seconds payment_time) noexcept
{
    if (payment_time == seconds{0})
        return std::nullopt;
    return placed + payment_time;
}

std::optional<order> expire(order placed, timestamp now)
{
    bool const is_due =
        placed.status == order_status::pending && placed.expires_at && *placed.expires_at <= now;
    if (!is_due)
        return std::nullopt;
    return cancelled(std::move(placed), cancel_reason::expired, now);
}

std::optional<order> reject_for_stock(order placed, timestamp now)
{
    if (!may_become(placed.status, order_status::cancelled))
        return std::nullopt;
    return cancelled(std::move(placed), cancel_reason::insufficient_stock, now);
}

result<order> move_to(order placed, order_status to, timestamp now)
{
    if (placed.status == to)
        return placed;
    if (!may_become(placed.status, to))
        return wrong_status(placed.status, to);
    if (to == order_status::cancelled)
        return cancelled(std::move(placed), cancel_reason::admin, now);
    return changed(std::move(placed), to, now);
}

}  // namespace mc::order_service
