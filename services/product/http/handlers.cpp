#include "services/product/http/handlers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/http/versions.hpp"
#include "platform/json/read.hpp"
#include "services/product/actions/add_category.hpp"
#include "services/product/actions/add_product.hpp"
#include "services/product/actions/change_category.hpp"
#include "services/product/actions/change_product.hpp"
#include "services/product/actions/delete_category.hpp"
#include "services/product/actions/delete_product.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/store/categories.hpp"

namespace mc::product_service
{
namespace
{

// A price filter in ten-thousandths, as prices of all currencies are ordered.
std::optional<std::int64_t> price_bound(std::optional<json::decimal> const& given)
{
    static currency const four_decimals = currency::from("CLF").value();
    if (!given || given->digits.starts_with('-'))
        return std::nullopt;
    return parse_decimal(given->digits, four_decimals);
}

// A blank description is none.
std::optional<std::string> text_of(std::optional<description_text> const& given)
{
    if (!given || given->value.empty())
        return std::nullopt;
    return given->value;
}

// The product that a body describes, or what is wrong with it.
result<actions::new_product> wanted_product(result<add_product_request> const& read)
{
    if (!read)
        return read.error();
    result<money> const price =
        price_of(read->price.digits, read->currency ? read->currency->upper() : "USD");
    if (!price)
        return price.error();
    return actions::new_product{.category_id = read->category_id,
                                .name = read->name.value(),
                                .description = text_of(read->description),
                                .price = *price,
                                .stock_quantity =
                                    read->stock_quantity ? read->stock_quantity->value() : 0,
                                .images = images_of(read->images)};
}

// Whether nothing is wrong but with the fields that the contract checks after the category.
bool is_checked_after_category(error const& wrong)
{
    if (wrong.code == unknown_currency().code)
        return true;
    auto const is_late = [](violation const& each)
    {
        return each.field.starts_with("images") || each.field == "currency" ||
               each.field == "description";
    };
    return !wrong.violations.empty() && std::ranges::all_of(wrong.violations, is_late);
}

// A product shows its category's name and inventory's stock, which are no part of its version.
std::string tag_of(product const& shown)
{
    return http::version_tag(shown.version,
                             fmt::format("{}\n{}", shown.stock_quantity, shown.category_name));
}

}  // namespace

awaitable<result<http::reply<category_list_view>>> list_categories(
    deps& use, http::caller call, http::query<category_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    categories::category_list found;
    if (window.offset() == 0)
        found = co_await use.db.read(categories::list_active, window.rows());
    else
        found = co_await use.db.read_long(categories::list_active, window.rows());
    co_return http::reply<category_list_view>{
        .body = view_of(found, window), .headers = http::list_headers(call, window, found.total)};
}

awaitable<result<http::created<category_view>>> add_category(
    deps& use, actor who, http::body<add_category_request> wanted)
{
    result<category> const added =
        co_await use.db.write(actions::add_category, who, wanted.name.value(),
                              text_of(wanted.description.value), use.clock.now());
    if (!added)
        co_return added.error();
    co_return http::created<category_view>{view_of(*added)};
}

awaitable<result<http::reply<category_list_item>>> get_category(deps& use,
                                                                http::path<category_path> at)
{
    std::optional<category> const found = co_await use.db.look_up(categories::find, at.id);
    if (!found || !found->is_active)
        co_return category_not_found();
    co_return http::reply<category_list_item>{
        .body = item_of(*found), .headers = {{"ETag", http::version_tag(found->version)}}};
}

awaitable<result<http::reply<category_view>>> change_category(
    deps& use, actor, http::caller call, http::path<category_path> at,
    http::body<change_category_request> wanted)
{
    actions::category_changes changes;
    if (wanted.name)
        changes.name = wanted.name->value();
    if (wanted.description)
        changes.description = wanted.description->value;
    if (!changes.name && !changes.description)
        co_return nothing_to_change();
    result<category> const changed =
        co_await use.db.write(actions::change_category, at.id, std::move(changes),
                              http::versions_named(call.if_match), use.clock.now());
    if (!changed)
        co_return changed.error();
    co_return http::reply<category_view>{
        .body = view_of(*changed), .headers = {{"ETag", http::version_tag(changed->version)}}};
}

awaitable<result<message_view>> delete_category(deps& use, actor, http::path<category_path> at)
{
    result<category> const deleted =
        co_await use.db.write(actions::delete_category, at.id, use.clock.now());
    if (!deleted)
        co_return deleted.error();
    co_return message_view{"Category deleted"};
}

awaitable<result<http::reply<product_list_view>>> list_products(deps& use, http::caller call,
                                                                http::query<product_query> asked)
{
    products::filter const by{.category_id = asked.category_id,
                              .min_price = price_bound(asked.min_price),
                              .max_price = price_bound(asked.max_price),
                              .in_stock = asked.in_stock,
                              .supplier_id = asked.supplier_id};
    if (asked.min_price && !by.min_price)
        co_return invalid_price_filter("minPrice");
    if (asked.max_price && !by.max_price)
        co_return invalid_price_filter("maxPrice");
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    products::order_by const sorted = asked.sort.value_or(products::order_by::newest);

    // The usual page walks an index; anything narrower may look at many rows and waits elsewhere.
    products::product_list found;
    if (by.is_plain() && !by.category_id)
        found = co_await use.db.read(products::list, by, sorted, window.rows());
    else
        found = co_await use.db.read_long(products::list, by, sorted, window.rows());
    std::vector<http::header> headers = http::list_headers(call, window, found.total);
    co_return http::reply<product_list_view>{.body = view_of(std::move(found), window),
                                             .headers = std::move(headers)};
}

awaitable<result<http::reply<product_view>>> get_product(deps& use, http::path<id_path> at)
{
    std::optional<products::shown_product> found =
        co_await use.db.look_up_batched<products::show, products::show_each>(at.id);
    if (!found)
        co_return product_not_found();
    std::string tag = tag_of(found->of);
    co_return http::reply<product_view>{.body = view_of(std::move(*found)),
                                        .headers = {{"ETag", std::move(tag)}}};
}

// The category is looked up before it is said what is wrong with the fields after it.
awaitable<result<http::created<product_view>>> add_product(
    deps& use, actor who, http::read_body<add_product_request> wanted)
{
    result<actions::new_product> made = wanted_product(wanted.decoded);
    if (!made)
    {
        result<category_choice> const chosen = json::parse<category_choice>(wanted.text);
        if (chosen && is_checked_after_category(made.error()))
        {
            result<category> const in =
                co_await use.db.read(actions::category_for_product, chosen->category_id);
            if (!in)
                co_return in.error();
        }
        co_return made.error();
    }
    result<product> const added =
        co_await use.db.write(actions::add_product, who, std::move(*made), use.clock.now());
    if (!added)
        co_return added.error();
    co_return http::created<product_view>{view_of(*added)};
}

awaitable<result<http::reply<product_view>>> change_product(
    deps& use, actor who, http::caller call, http::path<id_path> at,
    http::body<change_product_request> wanted)
{
    actions::product_changes changes;
    changes.category_id = wanted.category_id;
    if (wanted.name)
        changes.name = wanted.name->value();
    if (wanted.description)
        changes.description = wanted.description->value;
    if (wanted.price)
        changes.price = wanted.price->digits;
    if (wanted.currency)
        changes.currency_code = wanted.currency->upper();
    if (wanted.stock_quantity)
        changes.stock_quantity = wanted.stock_quantity->value();
    if (wanted.images)
        changes.images = images_of(*wanted.images);
    if (!changes.category_id && !changes.name && !changes.description && !changes.price &&
        !changes.currency_code && !changes.stock_quantity && changes.images.empty())
        co_return nothing_to_change();

    result<product> const changed =
        co_await use.db.write(actions::change_product, who, at.id, std::move(changes),
                              http::versions_named(call.if_match), use.clock.now());
    if (!changed)
        co_return changed.error();
    co_return http::reply<product_view>{.body = view_of(*changed),
                                        .headers = {{"ETag", tag_of(*changed)}}};
}

awaitable<result<message_view>> delete_product(deps& use, actor who, http::path<id_path> at)
{
    result<product> const deleted =
        co_await use.db.write(actions::delete_product, who, at.id, use.clock.now());
    if (!deleted)
        co_return deleted.error();
    co_return message_view{"Product deleted"};
}

awaitable<result<offer_view>> get_offer(deps& use, http::path<id_path> at)
{
    std::optional<product> found = co_await use.db.look_up(products::find_offered, at.id);
    if (!found)
        co_return product_unavailable();
    co_return offer_view{.id = found->id,
                         .name = std::move(found->name),
                         .price = {found->price},
                         .currency = found->price.in(),
                         .stock_quantity = found->stock_quantity,
                         .image_url = primary_image_url(*found),
                         .version = found->version};
}

}  // namespace mc::product_service
