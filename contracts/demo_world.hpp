#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/auth/actor.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// A person of the demonstration shop. Only the named accounts (admin, first supplier, first
// customer) are told to the operator.
struct demo_person
{
    id_of<user> id;
    std::string name;
    std::string email;
    mc::role role;
};

struct demo_product
{
    id_of<product> id;
    std::string name;
    money price;
    std::string image_url;
    id_of<user> owner;
};

// What the services tell each other while demonstration data is made: user fills people, product
// fills products, cart and order read both. A service whose database already holds rows adds
// nothing to the database but still fills its part from what is there.
struct demo_world
{
    std::string password;  // Of every demo account; made per data folder, at least 12 characters.
    std::string picture_url;  // Root of demo pictures, e.g. "http://localhost:3004".
    std::vector<demo_person> people = {};
    std::vector<demo_product> products = {};
};

}  // namespace mc
