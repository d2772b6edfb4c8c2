#include "services/cart/http/handlers.hpp"

#include <algorithm>

#include "contracts/cart_contents.hpp"
#include "platform/auth/accounts.hpp"
#include "services/cart/actions/add_item.hpp"
#include "services/cart/actions/empty_cart.hpp"
#include "services/cart/actions/open_cart.hpp"
#include "services/cart/actions/remove_item.hpp"
#include "services/cart/actions/set_quantity.hpp"
#include "services/cart/domain/errors.hpp"
#include "services/cart/store/carts.hpp"

namespace mc::cart_service
{
namespace
{

// What is known of somebody's cart before anything is asked or made.
struct known_cart
{
    std::optional<cart> found;
    std::optional<account> owner;
};

known_cart look_up(snapshot& in, id_of<user> owner)
{
    return {.found = carts::find(in, owner), .owner = accounts::find(in, owner)};
}

result<cart_view> shown(result<cart> const& done)
{
    if (!done)
        return done.error();
    return view_of(*done, http::internal_call::no);
}

std::int64_t quantity_of(std::optional<cart> const& in, id_of<product> of)
{
    if (!in)
        return 0;
    auto const line = std::ranges::find(in->items, of, &cart_item::product_id);
    return line == in->items.end() ? 0 : line->quantity;
}

// Another service of ours that wants one product's line says so behind the path.
std::optional<id_of<product>> only_product(http::caller const& call)
{
    if (call.is_internal == http::internal_call::no ||
        !call.target.starts_with(contracts::cart_with_product_target))
        return std::nullopt;
    std::optional<std::int64_t> const number =
        parse_id(call.target.substr(contracts::cart_with_product_target.size()));
    if (!number)
        return std::nullopt;
    return id_of<product>(*number);
}

}  // namespace

// A cart is there the moment it is asked for: the token is enough, no event need have arrived.
awaitable<result<cart_view>> get_my_cart(deps& use, actor who, http::caller call)
{
    carts::view const wanted{.owner = who.user_id, .only = only_product(call)};
    std::optional<cart> const found =
        co_await use.db.look_up_batched<carts::find_view, carts::find_view_of_each>(wanted);
    if (found)
        co_return view_of(*found, call.is_internal);
    result<cart> const opened =
        co_await use.db.write(actions::open_cart, who.user_id, use.clock.now());
    if (!opened)
        co_return opened.error();
    co_return view_of(*opened, call.is_internal);
}

awaitable<result<cart_view>> get_cart_of_user(deps& use, actor, http::caller call,
                                              http::path<user_path> at)
{
    known_cart const known = co_await use.db.read(look_up, at.user_id);
    if (known.found)
        co_return view_of(*known.found, call.is_internal);
    if (known.owner && known.owner->deleted_at)
        co_return cart_not_found();
    if (!known.owner)
    {
        result<account_exists> const exists =
            co_await use.users->exists(at.user_id, std::string(call.authorization));
        if (!exists)
            co_return exists.error();
        if (*exists == account_exists::no)
            co_return cart_not_found();
    }
    result<cart> const opened =
        co_await use.db.write(actions::open_cart, at.user_id, use.clock.now());
    co_return shown(opened);
}

awaitable<result<answer>> add_item(deps& use, actor who, idempotency key,
                                   http::body<add_item_request> wanted)
{
    if (key.key)
    {
        result<std::optional<answer>> const earlier = co_await use.db.look_up(earlier_answer, key);
        if (!earlier)
            co_return earlier.error();
        if (*earlier)
            co_return **earlier;
    }
    result<offer> const offered = co_await use.catalogue->find(wanted.product_id);
    if (!offered)
        co_return offered.error();
    std::int64_t const quantity = wanted.quantity ? wanted.quantity->value() : 1;
    result<answer> const added =
        co_await use.db.write(once<actions::add_item, encode_cart>, key, who.user_id, *offered,
                              quantity, use.clock.now());
    co_return added;
}

// The catalogue is asked only when the line is to grow.
awaitable<result<cart_view>> set_quantity(deps& use, actor who, http::path<product_path> at,
                                          http::body<set_quantity_request> wanted)
{
    std::optional<cart> const found = co_await use.db.look_up(carts::find, who.user_id);
    std::int64_t const in_cart = quantity_of(found, at.product_id);
    if (in_cart == 0)
        co_return product_not_in_cart();
    std::optional<offer> offered;
    if (wanted.quantity.value() > in_cart)
    {
        result<offer> const current = co_await use.catalogue->find(at.product_id);
        if (!current)
            co_return current.error();
        offered = *current;
    }
    result<cart> const set =
        co_await use.db.write(actions::set_quantity, who.user_id, at.product_id,
                              wanted.quantity.value(), offered, use.clock.now());
    co_return shown(set);
}

awaitable<result<cart_view>> remove_item(deps& use, actor who, http::path<product_path> at)
{
    result<cart> const removed =
        co_await use.db.write(actions::remove_item, who.user_id, at.product_id, use.clock.now());
    co_return shown(removed);
}

awaitable<result<cart_view>> empty_cart(deps& use, actor who)
{
    result<cart> const emptied =
        co_await use.db.write(actions::empty_cart, who.user_id, use.clock.now());
    co_return shown(emptied);
}

}  // namespace mc::cart_service
