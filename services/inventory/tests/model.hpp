#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

// The rules of stock once more, as plainly as they can be written: nothing is counted up and down,
// what is reserved is looked up each time. Written from the rules and not from the service, so that
// the two can be held against each other.
namespace mc::inventory_service::model
{

using units = std::map<std::int64_t, std::int64_t>;  // Product → how many.

struct placement
{
    std::string state;  // held, taken, released, lapsed
    std::int64_t until = 0;
    units lines;
};

struct placed
{
    std::string state;  // reserved, rejected, released, confirmed
    units lines;
};

struct shop
{
    std::int64_t now = 0;  // Seconds.
    units total;           // Of the products that are known.
    std::map<std::int64_t, bool> is_deleted;
    std::map<std::int64_t, placement> placements;
    std::map<std::int64_t, placed> orders;

    std::int64_t reserved(std::int64_t product) const
    {
        std::int64_t sum = 0;
        for (auto const& [id, each] : placements)
            if (each.state == "held" && each.lines.contains(product))
                sum += each.lines.at(product);
        for (auto const& [id, each] : orders)
            if (each.state == "reserved" && each.lines.contains(product))
                sum += each.lines.at(product);
        return sum;
    }
    std::int64_t available(std::int64_t product) const
    {
        return total.at(product) - reserved(product);
    }

    // What is in the way of these lines: "", "refused", "unknown".
    std::string missing(units const& lines) const
    {
        bool is_unknown = false;
        for (auto const& [product, quantity] : lines)
            if (!total.contains(product))
                is_unknown = true;
            else if (is_deleted.at(product) || available(product) < quantity)
                return "refused";
        return is_unknown ? "unknown" : "";
    }

    std::string hold(std::int64_t id, units const& lines, std::int64_t seconds)
    {
        auto const known = placements.find(id);
        if (known != placements.end() && known->second.state != "lapsed")
        {
            placement& it = known->second;
            if (it.state == "released")
                return "released";
            if (it.lines != lines)
                return "other lines";
            if (it.state == "held")
                it.until = std::max(it.until, now + seconds);
            return "again " + it.state;
        }
        if (std::string const why = missing(lines); !why.empty())
            return why;
        placements[id] = {.state = "held", .until = now + seconds, .lines = lines};
        return "held";
    }

    std::string release(std::int64_t id)
    {
        placement& it = placements[id];
        if (it.state != "taken")
            it.state = "released";
        return it.state;
    }

    void pass(std::int64_t seconds)
    {
        now += seconds;
        for (auto& [id, each] : placements)
            if (each.state == "held" && each.until <= now)
                each.state = "lapsed";
    }

    std::string place(std::int64_t id, units const& lines, std::optional<std::int64_t> with)
    {
        auto const hold = with ? placements.find(*with) : placements.end();
        bool const is_held = hold != placements.end() && hold->second.state == "held";
        if (orders.contains(id))
        {
            if (is_held)
                hold->second.state = "released";
            return "known";
        }
        if (is_held && hold->second.lines == lines)
        {
            hold->second.state = "taken";
            orders[id] = {.state = "reserved", .lines = lines};
            return "reserved";
        }
        shop before = *this;
        if (is_held)
            hold->second.state = "released";
        std::string const why = missing(lines);
        if (why == "unknown")
        {
            *this = before;
            return "loud";
        }
        orders[id] = {.state = why.empty() ? "reserved" : "rejected", .lines = lines};
        return orders[id].state;
    }

    std::string cancel(std::int64_t id)
    {
        placed& it = orders[id];
        if (it.state == "confirmed")
            return "loud";
        it.state = "released";
        return "released";
    }

    std::string ship(std::int64_t id)
    {
        auto const known = orders.find(id);
        if (known == orders.end() || known->second.state == "released")
            return "loud";
        placed& it = known->second;
        if (it.state == "confirmed")
            return "confirmed";
        if (it.state == "rejected")
            for (auto const& [product, quantity] : it.lines)
                if (!total.contains(product) || available(product) < quantity)
                    return "loud";
        it.state = "confirmed";
        for (auto const& [product, quantity] : it.lines)
            total[product] -= quantity;
        return "confirmed";
    }

    bool is_offered(std::int64_t product) const
    {
        return total.contains(product) && !is_deleted.at(product);
    }
    std::string adjust(std::int64_t product, std::int64_t delta)
    {
        if (!is_offered(product) || total[product] + delta < reserved(product))
            return "refused";
        total[product] += delta;
        return "done";
    }
    std::string set(std::int64_t product, std::int64_t to)
    {
        if (!is_offered(product) || to < reserved(product))
            return "refused";
        total[product] = to;
        return "done";
    }

    void begin(std::int64_t product, std::int64_t count)
    {
        if (total.contains(product))
            return;
        total[product] = count;
        is_deleted[product] = false;
    }
    // The catalogue took another stock before it had heard of ours.
    void restock(std::int64_t product, std::int64_t count)
    {
        if (!total.contains(product))
            return begin(product, count);
        is_deleted[product] = false;
        total[product] = std::max(count, reserved(product));
    }
    void end(std::int64_t product)
    {
        if (total.contains(product))
            is_deleted[product] = true;
    }
};

}  // namespace mc::inventory_service::model
