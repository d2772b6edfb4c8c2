#include <doctest/doctest.h>

#include <array>
#include <random>
#include <vector>

#include "services/inventory/actions/adjust_stock.hpp"
#include "services/inventory/actions/follow_product.hpp"
#include "services/inventory/actions/hold_stock.hpp"
#include "services/inventory/actions/lapse_holds.hpp"
#include "services/inventory/actions/release_hold.hpp"
#include "services/inventory/actions/set_stock.hpp"
#include "services/inventory/actions/stock_of_orders.hpp"
#include "services/inventory/actions/tell_levels.hpp"
#include "services/inventory/store/books.hpp"
#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/orders.hpp"
#include "services/inventory/tests/model.hpp"
#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

constexpr int products_count = 3;
constexpr int placements_count = 4;
constexpr int orders_count = 4;
constexpr int steps_count = 25;
constexpr actor boss{id_of<user>(900), role::admin};

enum class verb
{
    hold,
    release,
    pass_time,
    place,
    cancel,
    ship,
    adjust,
    set,
    begin,
    restock,
    end,
    tell
};
BOOST_DESCRIBE_ENUM(verb, hold, release, pass_time, place, cancel, ship, adjust, set, begin,
                    restock, end, tell)

struct step
{
    verb does = verb::hold;
    std::int64_t id = 1;      // Of a placement, an order or a product.
    model::units lines = {};  // Of a hold or an order.
    std::optional<std::int64_t> placement = {};
    std::int64_t amount = 0;   // Units or seconds.
    std::int64_t version = 1;  // Of a product that changed or is gone.
};

std::string text_of(step const& one)
{
    std::string text = fmt::format("{} {}", enum_name(one.does), one.id);
    for (auto const& [product, quantity] : one.lines)
        text += fmt::format(" {}x{}", quantity, product);
    if (one.placement)
        text += fmt::format(" placement {}", *one.placement);
    return text + fmt::format(" ({})", one.amount);
}

// Few products, placements and orders, so that they meet often; what is heard twice, too late or in
// the wrong order comes by itself.
class script_writer
{
public:
    explicit script_writer(std::uint64_t seed) : random_(seed) {}

    std::vector<step> script()
    {
        std::vector<step> steps;
        for (int n = 0; n < products_count; ++n)
            if (upto(4) > 0)
                steps.push_back({.does = verb::begin, .id = n + 1, .amount = upto(6)});
        while (std::ssize(steps) < steps_count)
            steps.push_back(any());
        return steps;
    }

private:
    std::int64_t upto(std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
    }
    model::units some_lines()
    {
        model::units lines;
        for (std::int64_t n = upto(1); n >= 0; --n)
            lines[1 + upto(products_count - 1)] = 1 + upto(3);
        return lines;
    }
    step any()
    {
        constexpr std::array often = {verb::hold,   verb::hold,   verb::hold,   verb::place,
                                      verb::place,  verb::ship,   verb::cancel, verb::release,
                                      verb::adjust, verb::set,    verb::begin,  verb::pass_time,
                                      verb::tell,   verb::restock};
        step made{.does = often[static_cast<std::size_t>(upto(std::ssize(often) - 1))]};
        switch (made.does)
        {
        case verb::hold:
        case verb::release:
            made.id = 1 + upto(placements_count - 1);
            made.lines = kept_lines(made.id);
            made.amount = 1 + upto(20);
            break;
        case verb::place:
            made.id = 1 + upto(orders_count - 1);
            made.placement = 1 + upto(placements_count - 1);
            made.lines = kept_lines(*made.placement);
            if (upto(5) == 0)
                made.placement.reset();
            break;
        case verb::cancel:
        case verb::ship:      made.id = 1 + upto(orders_count - 1); break;
        case verb::pass_time: made.amount = upto(12); break;
        case verb::adjust:
            made.id = 1 + upto(products_count - 1);
            made.amount = upto(6) - 3;
            break;
        case verb::set:
        case verb::restock:
        case verb::begin:
            made.id = 1 + upto(products_count - 1);
            made.amount = upto(6);
            made.does = made.does == verb::begin && upto(3) == 0 ? verb::end : made.does;
            made.version = ++version_;
            break;
        case verb::end:
        case verb::tell: break;
        }
        return made;
    }
    // Mostly those that the placement has already.
    model::units kept_lines(std::int64_t placement)
    {
        if (!lines_[placement].empty() && upto(6) > 0)
            return lines_[placement];
        return lines_[placement] = some_lines();
    }

    std::mt19937_64 random_;
    std::map<std::int64_t, model::units> lines_;
    std::int64_t version_ = 1;
};

stock_lines lines_of(model::units const& lines)
{
    stock_lines made;
    for (auto const& [product, quantity] : lines)
        made.push_back({id_of<mc::product>(product), quantity});
    return made;
}

placement_id numbered(std::int64_t n)
{
    return *placement_id::from(stock_shop::placement(static_cast<int>(n)));
}

timestamp at(std::int64_t second) { return from_epoch_ms(second * 1000); }

// What the service makes of a step, in the model's words.
std::string hold_made(transaction& tx, step const& one, std::int64_t now)
{
    actions::refused_hold refused;
    result<actions::held_stock> const held = actions::hold_stock(tx, {.placement = numbered(one.id),
                                                                      .lines = lines_of(one.lines),
                                                                      .until = at(now + one.amount),
                                                                      .now = at(now),
                                                                      .refused = refused});
    using because = actions::refused_hold::because;
    if (held)
        return held->is == actions::holding::begun ? "held"
                                                   : "again " + std::string(enum_name(held->state));
    switch (refused.why)
    {
    case because::nothing:
        return held.error().code == "inventory.other_lines" ? "other lines" : held.error().message;
    case because::refused:  return "refused";
    case because::released: return "released";
    case because::unknown:  return "unknown";
    }
    return "";
}

std::string state_of(transaction& tx, id_of<order> id)
{
    std::optional<orders::outcome> const known = orders::find(tx, id);
    return known ? std::string(enum_name(known->state)) : "";
}

std::string order_placed(transaction& tx, step const& one, std::int64_t now)
{
    id_of<order> const id(one.id);
    bool const is_known = orders::find(tx, id).has_value();
    actions::placed_order wanted{.order_id = id,
                                 .placement = std::nullopt,
                                 .lines = lines_of(one.lines),
                                 .expires_at = std::nullopt};
    if (one.placement)
        wanted.placement = numbered(*one.placement);
    if (!actions::reserve_for_order(tx, wanted, at(now)))
        return "loud";
    return is_known ? "known" : state_of(tx, id);
}

std::string time_passed(transaction& tx, std::int64_t now)
{
    for (inventory_service::hold const& over : holds::due(tx, at(now), 100))
        if (!actions::lapse_hold(tx, over, at(now)))
            return "loud";
    return "";
}

std::string does(transaction& tx, step const& one, std::int64_t now)
{
    id_of<mc::product> const product(one.id);
    id_of<order> const order(one.id);
    items::followed_product const known{.id = product,
                                        .name = "Mug",
                                        .owner_user_id = id_of<user>(30),
                                        .is_deleted = false,
                                        .version = 1};
    switch (one.does)
    {
    case verb::hold: return hold_made(tx, one, now);
    case verb::release:
    {
        result<hold_state> const released = actions::release_hold(tx, numbered(one.id), at(now));
        return released ? std::string(enum_name(*released)) : "loud";
    }
    case verb::pass_time: return time_passed(tx, now);
    case verb::place:     return order_placed(tx, one, now);
    case verb::cancel:
        return actions::release_order(tx, order, "customer", at(now)) ? state_of(tx, order)
                                                                      : "loud";
    case verb::ship: return actions::ship_order(tx, order, at(now)) ? state_of(tx, order) : "loud";
    case verb::adjust:
        return actions::adjust_stock(tx, boss, product, {.delta = one.amount}, at(now)) ? "done"
                                                                                        : "refused";
    case verb::set:
        return actions::set_stock(tx, boss, product, one.amount, {}, at(now)) ? "done" : "refused";
    case verb::begin:
        return actions::begin_product(tx, known, one.amount, 5, at(now)) ? "" : "loud";
    case verb::restock:
    {
        items::followed_product changed = known;
        changed.version = one.version;
        return actions::follow_product(tx, changed, one.amount, 5, at(now)) ? "" : "loud";
    }
    case verb::end:
        return !items::find(tx, product) || actions::end_product(tx, product, one.version, at(now))
                   ? ""
                   : "loud";
    case verb::tell: return actions::tell_levels(tx, {}, 5) ? "" : "loud";
    }
    return "";
}

std::string should(model::shop& of, step const& one)
{
    switch (one.does)
    {
    case verb::hold:      return of.hold(one.id, one.lines, one.amount);
    case verb::release:   return of.release(one.id);
    case verb::pass_time: of.pass(one.amount); return "";
    case verb::place:     return of.place(one.id, one.lines, one.placement);
    case verb::cancel:    return of.cancel(one.id);
    case verb::ship:      return of.ship(one.id);
    case verb::adjust:    return of.adjust(one.id, one.amount);
    case verb::set:       return of.set(one.id, one.amount);
    case verb::begin:     of.begin(one.id, one.amount); return "";
    case verb::restock:   of.restock(one.id, one.amount); return "";
    case verb::end:       of.end(one.id); return "";
    case verb::tell:      return "";
    }
    return "";
}

// Where the two differ; empty when they do not.
std::string difference(transaction& tx, model::shop const& wanted)
{
    for (std::int64_t product = 1; product <= products_count; ++product)
    {
        std::optional<item> const seen = items::find(tx, id_of<mc::product>(product));
        if (seen.has_value() != wanted.total.contains(product))
            return fmt::format("product {} is there, or not", product);
        if (seen && (seen->total_quantity != wanted.total.at(product) ||
                     seen->reserved_quantity != wanted.reserved(product)))
            return fmt::format("product {} has {} of which {} reserved, and should have {} and {}",
                               product, seen->total_quantity, seen->reserved_quantity,
                               wanted.total.at(product), wanted.reserved(product));
    }
    if (!books::verify(tx, {}, {}).found.gaps.empty())
        return "the books do not add up";
    return {};
}

// Plays a script, all of it undone in the end; the error says what went wrong. An error undoes the
// one step that it happened in, as in the service.
result<> play(transaction& tx, std::vector<step> const& steps)
{
    model::shop wanted;
    for (std::size_t n = 0; n < steps.size(); ++n)
    {
        std::string const expected = should(wanted, steps[n]);
        savepoint undoable(tx);
        std::string const got = does(tx, steps[n], wanted.now);
        bool const is_undone = got == "loud" || got == "refused" || got == "unknown" ||
                               got == "other lines" ||
                               (got == "released" && steps[n].does == verb::hold);
        if (is_undone)
            undoable.undo();
        else
            undoable.keep();
        std::string const differs = got != expected
                                        ? fmt::format("\"{}\", and should be \"{}\"", got, expected)
                                        : difference(tx, wanted);
        if (!differs.empty())
            return error{error_kind::conflict, "test.differs",
                         fmt::format("step {} ({}): {}", n + 1, text_of(steps[n]), differs)};
    }
    return error{error_kind::conflict, "test.equal", ""};
}

std::string failure_of(stock_shop& shop, std::vector<step> const& steps)
{
    return shop.db().write_now(play, std::cref(steps)).error().message;
}

// The same failure with as few steps as can be.
std::vector<step> shrunk(stock_shop& shop, std::vector<step> steps)
{
    for (std::size_t n = 0; n < steps.size();)
    {
        std::vector<step> fewer = steps;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(n));
        if (failure_of(shop, fewer).empty())
            ++n;
        else
        {
            steps = std::move(fewer);
            n = 0;
        }
    }
    return steps;
}

}  // namespace

TEST_CASE("model: whatever happens in whatever order, stock is as the plain rules say")
{
    stock_shop shop;
    // A MySQL server is asked over a socket for every statement: fewer scripts are enough there.
    int const scripts_count = shop.db().state() ? 2'000 : 100;
    std::uint64_t const first = std::random_device()();
    for (int n = 0; n < scripts_count; ++n)
    {
        std::uint64_t const seed = first + static_cast<std::uint64_t>(n);
        std::vector<step> const steps = script_writer(seed).script();
        if (failure_of(shop, steps).empty())
            continue;
        std::vector<step> const few = shrunk(shop, steps);
        std::string text = fmt::format("seed {}: {}", seed, failure_of(shop, few));
        for (step const& each : few)
            text += "\n  " + text_of(each);
        FAIL(text);
    }
}
