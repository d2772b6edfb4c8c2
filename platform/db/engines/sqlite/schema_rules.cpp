#include <optional>

#include <fmt/format.h>

#include "platform/db/engines/sqlite/handles.hpp"
#include "platform/db/snapshot.hpp"

namespace mc::sqlite
{

namespace
{

constexpr statement orphans_sql{"schema.orphans",
                                "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1"};
constexpr statement loose_sql{"schema.loose", R"(
    SELECT name FROM pragma_table_list
     WHERE schema = 'main' AND type = 'table' AND strict = 0
       AND name NOT LIKE 'sqlite\_%' ESCAPE '\' LIMIT 1
)"};
constexpr statement deferred_sql{"schema.deferred", R"(
    SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%INITIALLY DEFERRED%' LIMIT 1
)"};

}  // namespace

std::string connection::complaint()
{
    snapshot const schema(*this);
    if (std::optional<std::string> const table = schema.find<std::string>(orphans_sql))
        return fmt::format("a row of table {} refers to a row that does not exist", *table);
    if (std::optional<std::string> const table = schema.find<std::string>(loose_sql))
        return fmt::format("table {} is not STRICT; end its CREATE TABLE with STRICT", *table);
    if (std::optional<std::string> const table = schema.find<std::string>(deferred_sql))
        return fmt::format("table {} has deferred constraints; take INITIALLY DEFERRED out of it",
                           *table);
    return {};
}

}  // namespace mc::sqlite
