#pragma once

#include <optional>
#include <string>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/json/describe.hpp"

namespace mc::contracts
{

// GET /users/{id}/addresses/{addressId} of the user service as the order service reads it, and what
// an order keeps of it.
struct postal_address
{
    id_of<address> id;
    std::string name;
    std::string line1;
    std::optional<std::string> line2;
    std::string city;
    std::optional<std::string> region;
    std::optional<std::string> postal_code;
    std::string country;  // ISO 3166-1 alpha-2: "DE".
    std::optional<std::string> phone;
};
MC_DESCRIBE(postal_address, id, name, line1, line2, city, region, postal_code, country, phone)

}  // namespace mc::contracts
