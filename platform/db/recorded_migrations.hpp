#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/core/finding.hpp"
#include "platform/db/migration.hpp"

namespace mc
{

// What was done to a schema, as it says itself.
struct recorded_migration
{
    std::string series;  // "platform" or "service"
    int number = 0;
    std::string name;
    bool is_done = true;  // False: begun by a process that ended, or that is at it now (MySQL).
};

// How a schema stands to this program: up to date, older, newer, or half done.
finding state_of_schema(std::span<recorded_migration const> recorded,
                        std::span<migration const> service, sql_dialect dialect);

}  // namespace mc
