#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "platform/json/describe.hpp"
#include "services/inventory/actions/hold_many.hpp"
#include "services/inventory/tests/stock_shop.hpp"

// Holds that are asked for at the same time (see database::write_batched), and what is kept of
// them.
namespace mc::inventory_service
{

using served_holds = std::vector<std::optional<actions::held_stock>>;

struct asked
{
    int placement;
    wanted_lines lines;
};

inline stock_lines lines_of(wanted_lines const& wanted)
{
    stock_lines lines;
    for (auto const& [product, quantity] : wanted)
        lines.push_back({id_of<mc::product>(product), quantity});
    return summed(std::move(lines));
}

// Those who ask, each a second later than the one before, and what they are told.
class askers
{
public:
    askers(stock_shop& shop, std::vector<asked> const& all) : shop_(shop), refused_(all.size())
    {
        for (std::size_t at = 0; at < all.size(); ++at)
        {
            timestamp const now = shop.clock.now() + seconds(at);
            wanted_.push_back(
                {.placement = *placement_id::from(stock_shop::placement(all[at].placement)),
                 .lines = lines_of(all[at].lines),
                 .until = now + seconds(900),
                 .now = now,
                 .refused = refused_[at]});
        }
    }
    askers(askers const&) = delete;
    askers& operator=(askers const&) = delete;

    // One batch. An exception of it is let through, and undoes it.
    served_holds batch() { return shop_.db().write_now(run_batch, wanted_).value(); }

    // As the database does it: one batch, and alone whom that does not serve.
    std::vector<std::string> go_together()
    {
        served_holds served(wanted_.size());
        try
        {
            served = batch();
        }
        catch (batch_undone const&)
        {}
        std::vector<std::string> answers;
        for (std::size_t at = 0; at < wanted_.size(); ++at)
        {
            is_served.push_back(served[at].has_value());
            answers.push_back(served[at] ? text_of(*served[at]) : goes_alone(at));
        }
        return answers;
    }
    // One by one: these first.
    std::vector<std::string> go_singly(std::vector<bool> const& first)
    {
        std::vector<std::string> answers(wanted_.size());
        for (bool const now : {true, false})
            for (std::size_t at = 0; at < wanted_.size(); ++at)
                if (first[at] == now)
                    answers[at] = goes_alone(at);
        return answers;
    }
    std::vector<std::string> go_singly() { return go_singly(std::vector<bool>(wanted_.size())); }

    std::vector<actions::wanted_hold> const& wanted() const noexcept { return wanted_; }

    std::vector<bool> is_served;  // In a batch.

private:
    static result<served_holds> run_batch(transaction& tx,
                                          std::vector<actions::wanted_hold> const& all)
    {
        call_context const call = tx.call();
        std::vector<batch_item<actions::wanted_hold>> items;
        for (actions::wanted_hold const& each : all)
            items.push_back({each, call});
        return actions::hold_many(tx, items);
    }
    static std::string text_of(actions::held_stock const& held)
    {
        return fmt::format("{} {} until {}", held.is == actions::holding::begun ? "now" : "still",
                           enum_name(held.state), epoch_ms(held.held_until));
    }
    std::string goes_alone(std::size_t at)
    {
        result<actions::held_stock> const held =
            shop_.db().write_now(actions::hold_stock, wanted_[at]);
        if (held)
            return text_of(*held);
        std::string text(held.error().code);
        text += fmt::format(" {}", static_cast<int>(refused_[at].why));
        for (shortage const& each : refused_[at].shortages)
            text +=
                fmt::format(" {}: {} of {}", each.product_id.value, each.available, each.requested);
        return text;
    }

    stock_shop& shop_;
    std::vector<actions::refused_hold> refused_;
    std::vector<actions::wanted_hold> wanted_;
};

struct kept_hold
{
    std::string placement_id;
    std::string state;
    timestamp held_until;
    std::string held_lines;
    timestamp created_at;
    timestamp updated_at;
    friend bool operator==(kept_hold const&, kept_hold const&) = default;
};
MC_DESCRIBE(kept_hold, placement_id, state, held_until, held_lines, created_at, updated_at)

inline constexpr statement holds_sql{"test.holds", R"(
    SELECT placement_id, state, held_until, held_lines, created_at, updated_at
      FROM holds ORDER BY placement_id
)"};

inline std::vector<kept_hold> all_holds(snapshot& in) { return in.list<kept_hold>(holds_sql); }
inline std::vector<kept_hold> holds_in(stock_shop& shop) { return shop.db().read_now(all_holds); }

struct kept_item
{
    std::int64_t product_id;
    std::int64_t total;
    std::int64_t reserved;
    std::string last_cause;
    std::int64_t is_untold;
    friend bool operator==(kept_item const&, kept_item const&) = default;
};
MC_DESCRIBE(kept_item, product_id, total, reserved, last_cause, is_untold)

inline constexpr statement items_sql{"test.items", R"(
    SELECT product_id, total_quantity, reserved_quantity, last_cause, is_untold
      FROM inventory_items ORDER BY product_id
)"};

inline std::vector<kept_item> all_items(snapshot& in) { return in.list<kept_item>(items_sql); }
inline std::vector<kept_item> items_in(stock_shop& shop) { return shop.db().read_now(all_items); }

}  // namespace mc::inventory_service
