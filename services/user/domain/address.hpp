#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"

namespace mc
{

namespace user_service
{

inline constexpr std::int64_t addresses_max = 50;  // Of one account.

// Code points.
struct address_limits
{
    static constexpr std::size_t label = 60;
    static constexpr std::size_t name = 150;
    static constexpr std::size_t line = 200;
    static constexpr std::size_t city = 100;
    static constexpr std::size_t region = 100;
    static constexpr std::size_t postal_code = 20;
    static constexpr std::size_t phone = 40;
};

// Whether it is an officially assigned code of ISO 3166-1 alpha-2, in capitals.
bool is_country(std::string_view code) noexcept;

}  // namespace user_service

// Where somebody gets parcels. `address` stands in mc itself, because it is also the tag of an id
// that other services know (contracts/ids.hpp).
struct address
{
    id_of<address> id;
    id_of<user> user_id;
    std::optional<std::string> label;  // "Home": for its owner's eyes.
    std::string name;                  // Who gets the parcel.
    std::string line1;
    std::optional<std::string> line2;
    std::string city;
    std::optional<std::string> region;
    std::optional<std::string> postal_code;
    std::string country;  // is_country
    std::optional<std::string> phone;
    // When it was last made the default; the epoch's start when it never was. The one with the
    // latest is the default (of equal ones the oldest address), so that there is always exactly
    // one, whatever is deleted and whoever races.
    timestamp chosen_at;
    timestamp created_at;
    timestamp updated_at;
};

namespace user_service
{

// The default first, then in the order in which they were made.
std::vector<address> default_first(std::vector<address> addresses);

// The moment with which one becomes the default of these, though another were chosen just now.
timestamp chosen_among(std::vector<address> const& addresses, timestamp now);

}  // namespace user_service
}  // namespace mc
