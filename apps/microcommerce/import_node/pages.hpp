#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/import_node/options.hpp"
#include "contracts/imports.hpp"
#include "platform/core/time.hpp"
#include "platform/db/database.hpp"

// How the rows of one kind go from there to here: a page after the other, each in a transaction of
// its own, so that whoever is interrupted has lost nothing and goes on by running again.
namespace mc::app::import_node
{

template <class Row>
struct kind_of_row
{
    std::string_view name;  // "user", as the report calls it.
    std::function<std::vector<Row>(std::int64_t after)> next_page;
    std::int64_t (*number_of)(Row const&);
    // What the rows of a page have to know of others'.
    std::function<mc::imports::surroundings(std::vector<Row> const&)> around;
    // The service's own action.
    result<std::vector<mc::imports::verdict>> (*bring)(transaction&, std::vector<Row> const&,
                                                       mc::imports::surroundings const&, timestamp);
    // Told what became of a page.
    std::function<void(std::vector<Row> const&, std::vector<mc::imports::verdict> const&)> told;
    std::function<void()> begin_again;  // What was told is void: all pages come once more.
    timestamp now;
};

// What an answer of `rehearse` looks like that went well: an error, so that all is undone.
inline constexpr std::string_view rehearsed = "import.rehearsed";

template <class Row>
result<> rehearse_pages(transaction& tx, kind_of_row<Row>& all)
{
    all.begin_again();
    std::int64_t after = std::numeric_limits<std::int64_t>::min();
    for (std::vector<Row> page = all.next_page(after); !page.empty(); page = all.next_page(after))
    {
        result<std::vector<mc::imports::verdict>> const verdicts =
            all.bring(tx, page, all.around(page), all.now);
        if (!verdicts)
            return verdicts.error();
        all.told(page, *verdicts);
        after = all.number_of(page.back());
    }
    return result<>{};
}

// A rehearsal is one transaction, which is never committed; so that each page finds what the pages
// before it left, also those of the kinds before.
template <class... Rows>
result<> rehearse(transaction& tx, kind_of_row<Rows>&... all)
{
    result<> done{};
    bool const is_through = ((done = rehearse_pages(tx, all), done.has_value()) && ...);
    if (!is_through)
        return done;
    return error{error_kind::conflict, rehearsed, "nothing is stored"};
}

template <class Row>
void bring_pages(database& into, kind_of_row<Row>& all)
{
    std::int64_t after = std::numeric_limits<std::int64_t>::min();
    for (std::vector<Row> page = all.next_page(after); !page.empty(); page = all.next_page(after))
    {
        result<std::vector<mc::imports::verdict>> const verdicts =
            into.write_now(all.bring, page, all.around(page), all.now);
        if (!verdicts)
            throw failed(verdicts.error().message);
        all.told(page, *verdicts);
        after = all.number_of(page.back());
    }
}

// One kind after the other into the same database.
template <class... Rows>
void bring_all(database& into, effect what, kind_of_row<Rows>&... all)
{
    if (what == effect::lasting)
        return (bring_pages(into, all), ...);
    result<> (*const action)(transaction&, kind_of_row<Rows>&...) = rehearse<Rows...>;
    result<> const done = into.write_now(action, std::ref(all)...);
    if (!done && done.error().code != rehearsed)
        throw failed(done.error().message);
}

}  // namespace mc::app::import_node
