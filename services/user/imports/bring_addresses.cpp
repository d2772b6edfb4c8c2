#include "services/user/imports/bring_addresses.hpp"

#include <algorithm>

#include "contracts/take_over_rows.hpp"
#include "services/user/imports/take_over_address.hpp"
#include "services/user/store/addresses.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::imports
{
namespace
{

using mc::imports::left_out;
using mc::imports::taken;

struct address_rows
{
    transaction& tx;
    mc::imports::surroundings const& around;
    timestamp now;
    static constexpr std::string_view name = "address";

    std::int64_t id_of(old_address const& old) const { return old.id; }
    std::string fingerprint_of(old_address const& old) const
    {
        return imported_rows::fingerprint_of(state_of(old));
    }
    judged_address judge(old_address const& old) const { return imports::judge(old, around, now); }
    taken bring(judged_address& judged) const;
    taken bring_up_to_date(judged_address& judged, imported_rows::mark const& before,
                           std::string const& fingerprint) const;
};

// Stands for the version that an address does not have.
std::int64_t version_of(address const& of) { return epoch_ms(of.updated_at); }

void name_after(address& made, user const& owner)
{
    if (made.name.empty())
        made.name = owner.name;
}

taken address_rows::bring(judged_address& judged) const
{
    address& made = judged.made;
    std::optional<user> const owner = users::find(tx, made.user_id);
    if (!owner)
        return left_out(owner_unknown);
    name_after(made, *owner);
    if (std::ssize(addresses::of_user(tx, made.user_id)) >= addresses_max)
        return left_out(too_many_addresses);
    if (!addresses::add_under_its_number(tx, made))
        return left_out(mc::imports::number_taken);
    return version_of(made);
}

taken address_rows::bring_up_to_date(judged_address& judged, imported_rows::mark const& before,
                                     std::string const&) const
{
    address& made = judged.made;
    std::optional<user> const owner = users::find(tx, made.user_id);
    if (!owner)
        return left_out(owner_unknown);
    name_after(made, *owner);
    std::vector<address> const all = addresses::of_user(tx, made.user_id);
    auto const found = std::ranges::find(all, made.id, &address::id);
    if (found == all.end())
        return left_out(address_deleted_here);
    if (version_of(*found) != before.version)
        return left_out(mc::imports::changed_here);
    if (!addresses::replace(tx, made))
        return left_out(mc::imports::changed_here);
    return version_of(made);
}

}  // namespace

result<std::vector<mc::imports::verdict>> bring_addresses(transaction& tx,
                                                          std::vector<old_address> const& rows,
                                                          mc::imports::surroundings const& around,
                                                          timestamp now)
{
    return mc::imports::take_over_rows(tx, address_rows{tx, around, now}, rows);
}

}  // namespace mc::user_service::imports
