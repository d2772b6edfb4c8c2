#include "apps/microcommerce/import_node/importer.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "apps/microcommerce/import_node/old_rows.hpp"
#include "platform/core/text.hpp"
#include "services/cart/imports/bring_carts.hpp"
#include "services/inventory/imports/note_orders.hpp"
#include "services/order/imports/bring_orders.hpp"
#include "services/product/imports/bring_catalogue.hpp"
#include "services/product/imports/take_over_catalogue.hpp"
#include "services/user/imports/bring_addresses.hpp"
#include "services/user/imports/bring_users.hpp"

namespace mc::app::import_node
{
namespace
{

using cart_service::imports::old_cart_with_lines;
using mc::imports::surroundings;
using mc::imports::verdict;
using order_service::imports::old_order_with_items;
using product_service::imports::old_category;
using product_service::imports::old_product_with_images;
using user_service::imports::old_address;
using user_service::imports::old_user;

constexpr milliseconds progress_interval{1'000};

template <class Row>
surroundings alone(std::vector<Row> const&)
{
    return {};
}

}  // namespace

importer::importer(options const& asked, std::map<std::string, old_schema>& from, databases& into,
                   report& about, clock const& now)
    : asked_(asked), from_(from), into_(into), about_(about), now_(now), people_(here("user"))
{}

old_schema* importer::old(std::string_view service)
{
    auto const at = from_.find(std::string(service));
    return at == from_.end() ? nullptr : &at->second;
}

database* importer::here(std::string_view service)
{
    auto const at = into_.find(service);
    return at == into_.end() ? nullptr : at->second.get();
}

void importer::show_progress(std::string_view name)
{
    steady_time const now = std::chrono::steady_clock::now();
    if (now < next_progress_)
        return;
    next_progress_ = now + progress_interval;
    fmt::print(stderr, "{}: {} read, {} brought in\n", name, about_.read(name),
               about_.brought(name));
}

template <class Row>
kind_of_row<Row> importer::plan(std::string_view name)
{
    kind_of_row<Row> all;
    all.name = name;
    all.around = alone<Row>;
    all.now = now_.now();
    all.begin_again = [this, name] { about_.begin_again(name); };
    all.told = [this, name](std::vector<Row> const&, std::vector<verdict> const& verdicts)
    {
        about_.take(name, verdicts);
        show_progress(name);
    };
    return all;
}

void importer::run()
{
    users();
    catalogue();
    carts();
    orders();
    leave_out_numbers();
}

void importer::users()
{
    old_schema* const from = old("user");
    if (from == nullptr)
        return;
    kind_of_row<old_user> all = plan<old_user>("user");
    all.next_page = [&](std::int64_t after)
    { return from->read(users_after, after, asked_.batch_rows); };
    all.number_of = [](old_user const& row) { return row.id; };
    all.bring = user_service::imports::bring_users;
    all.told = [this](std::vector<old_user> const&, std::vector<verdict> const& verdicts)
    {
        about_.take("user", verdicts);
        people_.note(verdicts);
        show_progress("user");
    };

    kind_of_row<old_address> addresses = plan<old_address>("address");
    bool const has_any = from->read(has_addresses);
    addresses.next_page = [&](std::int64_t after)
    {
        return has_any ? from->read(addresses_after, after, asked_.batch_rows)
                       : std::vector<old_address>();
    };
    addresses.number_of = [](old_address const& row) { return row.id; };
    addresses.around = [this](std::vector<old_address> const& rows)
    {
        std::set<std::int64_t> owners;
        for (old_address const& each : rows)
            owners.insert(each.user_id);
        surroundings around;
        people_.look_up(owners, around);
        return around;
    };
    addresses.bring = user_service::imports::bring_addresses;
    bring_all(*here("user"), asked_.what, all, addresses);
}

void importer::catalogue()
{
    old_schema* const from = old("product");
    if (from == nullptr)
        return;
    kind_of_row<old_category> categories = plan<old_category>("category");
    categories.next_page = [&](std::int64_t after)
    { return from->read(categories_after, after, asked_.batch_rows); };
    categories.number_of = [](old_category const& row) { return row.id; };
    categories.bring = product_service::imports::bring_categories;

    kind_of_row<old_product_with_images> products = plan<old_product_with_images>("product");
    products.next_page = [&](std::int64_t after)
    { return from->read(products_after, after, asked_.batch_rows); };
    products.number_of = [](old_product_with_images const& row) { return row.row.id; };
    products.bring = product_service::imports::bring_products;
    products.told = [this](std::vector<old_product_with_images> const& rows,
                           std::vector<verdict> const& verdicts)
    {
        about_.take("product", verdicts);
        show_progress("product");
        if (asked_.what == effect::none)
            note_rehearsed(rows, verdicts);
    };
    bring_all(*here("product"), asked_.what, categories, products);
}

void importer::note_rehearsed(std::vector<old_product_with_images> const& rows,
                              std::vector<verdict> const& verdicts)
{
    for (std::size_t at = 0; at < rows.size(); ++at)
    {
        if (verdicts[at].what == mc::imports::outcome::skipped)
            continue;
        product const made = product_service::imports::judge(rows[at], now_.now()).made;
        rehearsed_products_[made.id.value] = {made.id, made.price, made.is_active};
    }
}

surroundings importer::around_carts(std::set<std::int64_t> const& owners,
                                    std::set<std::int64_t> const& products)
{
    surroundings around;
    people_.look_up(owners, around);
    database* const catalogue = here("product");
    if (!rehearsed_products_.empty())
    {
        around.products = surroundings::catalogue::here;
        for (std::int64_t const id : products)
            if (auto const at = rehearsed_products_.find(id); at != rehearsed_products_.end())
                around.facts.push_back(at->second);
    }
    else if (catalogue != nullptr && catalogue->read_now(product_service::imports::were_brought))
    {
        around.products = surroundings::catalogue::here;
        around.facts = catalogue->read_now(product_service::imports::facts_of,
                                           std::vector(products.begin(), products.end()));
    }
    return around;
}

void importer::carts()
{
    old_schema* const from = old("cart");
    if (from == nullptr)
        return;
    kind_of_row<old_cart_with_lines> all = plan<old_cart_with_lines>("cart");
    all.next_page = [&](std::int64_t after)
    { return from->read(carts_after, after, asked_.batch_rows); };
    all.number_of = [](old_cart_with_lines const& row) { return row.row.id; };
    all.around = [this](std::vector<old_cart_with_lines> const& rows)
    {
        std::set<std::int64_t> owners;
        std::set<std::int64_t> products;
        for (old_cart_with_lines const& each : rows)
        {
            owners.insert(each.row.user_id);
            for (cart_service::imports::old_line const& line : each.lines)
                products.insert(line.product_id);
        }
        return around_carts(owners, products);
    };
    all.bring = cart_service::imports::bring_carts;
    bring_all(*here("cart"), asked_.what, all);
}

void importer::orders()
{
    old_schema* const from = old("order");
    if (from == nullptr)
        return;
    kind_of_row<old_order_with_items> all = plan<old_order_with_items>("order");
    all.next_page = [&](std::int64_t after)
    { return from->read(orders_after, after, asked_.batch_rows); };
    all.number_of = [](old_order_with_items const& row) { return row.row.id; };
    all.around = [this](std::vector<old_order_with_items> const& rows)
    {
        std::set<std::int64_t> buyers;
        for (old_order_with_items const& each : rows)
            buyers.insert(each.row.user_id);
        surroundings around;
        people_.look_up(buyers, around);
        return around;
    };
    all.bring = order_service::imports::bring_orders;
    all.told =
        [this](std::vector<old_order_with_items> const& rows, std::vector<verdict> const& verdicts)
    {
        about_.take("order", verdicts);
        show_progress("order");
        note_open(rows, verdicts);
    };
    bring_all(*here("order"), asked_.what, all);
}

// Inventory will hear of them when they are cancelled or shipped. Of those that were there already,
// too: an import that was killed may have ended between the two databases.
void importer::note_open(std::vector<old_order_with_items> const& rows,
                         std::vector<verdict> const& verdicts)
{
    database* const stock = here("inventory");
    if (stock == nullptr || asked_.what == effect::none)
        return;
    std::vector<std::int64_t> open;
    for (std::size_t at = 0; at < rows.size(); ++at)
    {
        std::string const status = lower_case(trimmed(rows[at].row.status.value_or("")));
        bool const is_open = status == "pending" || status == "paid";
        if (is_open && verdicts[at].what != mc::imports::outcome::skipped)
            open.push_back(rows[at].row.id);
    }
    if (open.empty())
        return;
    result<std::int64_t> const noted =
        stock->write_now(inventory_service::imports::note_orders, open, now_.now());
    if (!noted)
        throw failed(noted.error().message);
}

// Carts and orders may be of accounts that are gone, or that could not be brought in. Whoever signs
// up here must not get their numbers, and with them what they bought.
void importer::leave_out_numbers()
{
    database* const accounts = here("user");
    if (accounts == nullptr || asked_.what == effect::none)
        return;
    std::int64_t highest = 0;
    if (old_schema* const from = old("user"))
        highest = std::max(highest, from->read(highest_user));
    if (old_schema* const from = old("cart"))
        highest = std::max(highest, from->read(highest_cart_owner));
    if (old_schema* const from = old("order"))
        highest = std::max(highest, from->read(highest_buyer));
    result<> const done =
        accounts->write_now(user_service::imports::leave_out_numbers, highest, now_.now());
    if (!done)
        throw failed(done.error().message);
}

}  // namespace mc::app::import_node
