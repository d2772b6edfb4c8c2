#include "services/user/http/address_handlers.hpp"

#include "services/user/actions/add_address.hpp"
#include "services/user/actions/change_address.hpp"
#include "services/user/actions/delete_address.hpp"

namespace mc::user_service
{

awaitable<result<address_list_view>> list_addresses(deps& use, actor, http::path<user_path> at)
{
    result<std::vector<address>> const all = co_await use.db.read(actions::addresses_of, at.id);
    if (!all)
        co_return all.error();
    co_return view_of(*all);
}

awaitable<result<address_view>> get_address(deps& use, actor, http::path<address_path> at)
{
    result<actions::address_entry> const found =
        co_await use.db.read(actions::find_address, at.id, at.address_id);
    if (!found)
        co_return found.error();
    co_return view_of(*found);
}

awaitable<result<http::created<address_view>>> add_address(deps& use, actor,
                                                           http::path<user_path> at,
                                                           http::body<address_request> typed)
{
    result<actions::address_entry> const made =
        co_await use.db.write(actions::add_address, at.id, wanted_from(typed), use.clock.now());
    if (!made)
        co_return made.error();
    co_return http::created<address_view>{view_of(*made)};
}

awaitable<result<address_view>> change_address(deps& use, actor, http::path<address_path> at,
                                               http::body<address_request> typed)
{
    result<actions::address_entry> const changed = co_await use.db.write(
        actions::change_address, at.id, at.address_id, wanted_from(typed), use.clock.now());
    if (!changed)
        co_return changed.error();
    co_return view_of(*changed);
}

awaitable<result<http::no_content>> delete_address(deps& use, actor, http::path<address_path> at)
{
    result<> const gone = co_await use.db.write(actions::delete_address, at.id, at.address_id);
    if (!gone)
        co_return gone.error();
    co_return http::no_content{};
}

}  // namespace mc::user_service
