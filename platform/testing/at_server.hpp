#pragma once

#include <cstdint>
#include <string>

#include "platform/db/database.hpp"
#include "platform/json/describe.hpp"

// What tests ask of a database that may be at a server (see mysql_place.hpp).
namespace mc::testing
{

// Others may write to it, too: it is a server's.
inline bool is_at_server(database const& of) { return !of.state(); }

struct status_row
{
    std::string name;
    std::string value;
};
MC_DESCRIBE(status_row, name, value)

// MySQL's and MariaDB's own word.
inline constexpr statement executed_sql{"test.executed",
                                        "SHOW SESSION STATUS LIKE 'Com_stmt_execute'"};

// How many statements this connection has had executed so far.
inline std::int64_t executed_statements(snapshot& in)
{
    return std::stoll(in.find<status_row>(executed_sql).value().value);
}

}  // namespace mc::testing
