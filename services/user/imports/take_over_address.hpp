#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/imports.hpp"
#include "services/user/domain/address.hpp"
#include "services/user/imports/old_address.hpp"

namespace mc::user_service::imports
{

inline constexpr mc::imports::reason owner_missing{"owner_missing", "it does not say whose it is"};
inline constexpr mc::imports::reason owner_unknown{"owner_unknown",
                                                   "the account it belongs to is not here"};
inline constexpr mc::imports::reason street_missing{"street_missing",
                                                    "it has no street, or no city"};
inline constexpr mc::imports::reason country_unknown{
    "country_unknown", "its country is no code and no English name of ISO 3166-1"};
inline constexpr mc::imports::reason too_many_addresses{"too_many_addresses",
                                                        "its account has 50 addresses already"};
inline constexpr mc::imports::reason address_deleted_here{"deleted_here", "it was deleted here"};

inline constexpr mc::imports::reason address_text{"address_text",
                                                  "a line of it was cut or cleaned"};
inline constexpr mc::imports::reason receiver_missing{
    "receiver_missing", "it does not say who gets the parcel; the name of its account is taken"};

// An address as it is kept here: or why it cannot be, and what was mended. One that was the default
// there is chosen when it was last changed, so that of several the last one is the default here.
struct judged_address
{
    std::optional<mc::imports::reason> skip;
    std::vector<mc::imports::reason> mended = {};
    address made = {};  // Without a name when that is missing.
};
judged_address judge(old_address const& old, mc::imports::surroundings const& around,
                     timestamp now);

// What of the old row counts when it is compared with itself later.
std::string state_of(old_address const& old);

}  // namespace mc::user_service::imports
