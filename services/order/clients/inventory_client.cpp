#include "services/order/clients/inventory_client.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "contracts/stock_holds.hpp"
#include "platform/http/breaker.hpp"
#include "platform/http/for_call.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"
#include "platform/observe/call.hpp"
#include "platform/observe/log.hpp"
#include "services/order/domain/errors.hpp"

namespace mc::order_service
{
namespace
{

// Between two attempts: doubled each time. An event that inventory has yet to hear takes some
// milliseconds to get there.
constexpr milliseconds first_pause{10};
constexpr milliseconds pause_max{320};
// One attempt gets half of the time that is left, so that there is time for another; at least this.
constexpr milliseconds attempt_time_min{100};

std::string request_text(std::vector<stock_need> const& needs, seconds hold_for)
{
    contracts::hold_request asked{.lines = {}, .hold_seconds = hold_for.count()};
    for (stock_need const& need : needs)
        asked.lines.push_back({need.product_id, need.quantity});
    return json::to_text(asked);
}

// What an answer says of the placement; nothing: to be asked again.
enum class unclear
{
    no_answer,
    unknown_product
};
using reading = std::variant<hold_answer, unclear, error>;

reading read_hold(http::client_reply const& reply)
{
    result<contracts::stock_hold> const hold = json::parse<contracts::stock_hold>(reply.body);
    if (!hold)
        return unclear::no_answer;
    if (hold->state == "taken")
        return hold_answer{hold_outcome::used_up};
    if (hold->state != "held")
        return inventory_unusable();
    return hold_answer{reply.status == 201 ? hold_outcome::held : hold_outcome::held_already};
}

reading read_refusal(http::client_reply const& reply)
{
    result<contracts::hold_refusal> const refusal =
        json::parse<contracts::hold_refusal>(reply.body);
    if (!refusal)
        return inventory_unusable();
    if (refusal->state == "unknown")
        return unclear::unknown_product;
    if (refusal->state == "released")
        return hold_answer{hold_outcome::used_up};
    if (refusal->state != "refused" || refusal->shortages.empty())
        return inventory_unusable();
    hold_answer refused{hold_outcome::refused};
    for (contracts::stock_shortage const& each : refusal->shortages)
        refused.shortages.push_back({each.product_id, each.requested, each.available});
    return refused;
}

reading read_answer(result<http::client_reply> const& reply)
{
    if (!reply || reply->status >= 500 || reply->status == 429 || reply->status == 408)
        return unclear::no_answer;
    switch (reply->status)
    {
    case 200:
    case 201: return read_hold(*reply);
    case 409: return read_refusal(*reply);
    case 422: return hold_answer{hold_outcome::used_up};
    default:  return inventory_unusable();
    }
}

awaitable<> rest(milliseconds time)
{
    boost::asio::any_io_executor const here = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(here, time);
    boost::system::error_code ignored;
    co_await timer.async_wait(http::for_call{this_call(), ignored});
}

class remote_inventory final : public inventory_client
{
public:
    remote_inventory(std::unique_ptr<http::service_client> to, inventory_limits limits)
        : to_(std::move(to)), limits_(limits)
    {}

    awaitable<result<hold_answer>> hold(std::string placement_id,
                                        std::vector<stock_need> needs) override
    {
        steady_time const asked_at = std::chrono::steady_clock::now();
        steady_time const until = std::min(asked_at + limits_.hold_time_max, this_call().deadline);
        std::string const body = request_text(needs, limits_.hold_for);
        retries_.called();
        milliseconds pause = first_pause;
        for (int unanswered = 0;;)
        {
            http::client_request const request = hold_request(placement_id, body, until);
            result<http::client_reply> const reply = co_await to_->send(request);
            reading read = read_answer(reply);
            if (hold_answer* const definite = std::get_if<hold_answer>(&read))
            {
                definite->held_until = asked_at + limits_.hold_for;
                co_return std::move(*definite);
            }
            if (error const* const refused = std::get_if<error>(&read))
            {
                log_error("inventory_answers_oddly", {{"status", reply->status}});
                co_return *refused;
            }
            if (std::get<unclear>(read) == unclear::no_answer &&
                (++unanswered == hold_attempts_max || !retries_.take()))
                co_return inventory_unavailable();
            if (std::chrono::steady_clock::now() + pause >= until)
                co_return inventory_unavailable();
            co_await rest(pause);
            pause = std::min(pause * 2, pause_max);
        }
    }

    awaitable<> release(std::string placement_id) override
    {
        http::client_request request{.verb = http::method::del,
                                     .target = "/internal/holds/" + placement_id,
                                     .audience = "inventory",
                                     .timeout = release_time_max};
        result<http::client_reply> const ignored = co_await to_->send(std::move(request));
        (void)ignored;
    }

private:
    static http::client_request hold_request(std::string const& placement_id,
                                             std::string const& body, steady_time until)
    {
        milliseconds const left =
            std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        return {.verb = http::method::put,
                .target = "/internal/holds/" + placement_id,
                .body = body,
                .audience = "inventory",
                .timeout = std::min(left, std::max(left / 2, attempt_time_min))};
    }

    std::unique_ptr<http::service_client> to_;
    inventory_limits limits_;
    http::retry_budget retries_;
};

}  // namespace

std::unique_ptr<inventory_client> make_inventory_client(std::unique_ptr<http::service_client> to,
                                                        inventory_limits limits)
{
    return std::make_unique<remote_inventory>(std::move(to), limits);
}

}  // namespace mc::order_service
