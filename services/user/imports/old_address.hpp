#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/json/describe.hpp"

namespace mc::user_service::imports
{

// A row of the table `user_addresses` of the Node.js system, as its database holds it. Times are
// milliseconds since 1970. It has a default for bills, too, which is not asked for: here nobody
// sends bills.
struct old_address
{
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::optional<std::string> label;
    std::optional<std::string> receiver_name;
    std::optional<std::string> phone;
    std::optional<std::string> country;  // A code or a name, whatever somebody typed.
    std::optional<std::string> state;
    std::optional<std::string> city;
    std::optional<std::string> postal_code;
    std::optional<std::string> address_line1;
    std::optional<std::string> address_line2;
    std::optional<std::string> is_default_shipping;  // "0" or "1"
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_address, id, user_id, label, receiver_name, phone, country, state, city,
            postal_code, address_line1, address_line2, is_default_shipping, created_at, updated_at)

}  // namespace mc::user_service::imports
