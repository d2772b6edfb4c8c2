#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "contracts/imports.hpp"
#include "platform/db/database.hpp"

namespace mc::app::import_node
{

// Numbers, a bit each.
class number_set
{
public:
    void insert(std::int64_t number);
    bool contains(std::int64_t number) const;
    bool is_empty() const noexcept { return words_.empty(); }

private:
    std::unordered_map<std::int64_t, std::uint64_t> words_;
};

// Whose the numbers in carts and orders are. They are the other system's; here a number may belong
// to the same account, to another that was made here, or to none.
class people
{
public:
    // `accounts` is the user service's database; null where another process or the Node.js system
    // keeps accounts: then every number is believed.
    explicit people(database* accounts);

    // Accounts that were brought in just now, maybe only in a rehearsal.
    void note(std::vector<mc::imports::verdict> const& of_users);

    // Fills in whose these numbers are. Where no account was ever brought in, none is unknown.
    void look_up(std::set<std::int64_t> const& numbers, mc::imports::surroundings& into);

private:
    database* accounts_;
    bool were_brought_ = false;
    number_set known_;
};

}  // namespace mc::app::import_node
