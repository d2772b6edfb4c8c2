#include <optional>

#include <fmt/format.h>

#include "platform/db/engines/mysql/handles.hpp"
#include "platform/db/snapshot.hpp"

namespace mc::mysql
{

namespace
{

constexpr statement no_transactions_sql{"schema.no_transactions", R"(
    SELECT table_name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND engine <> 'InnoDB' LIMIT 1
)"};
constexpr statement folding_sql{"schema.folding", R"(
    SELECT table_name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND collation_name <> 'utf8mb4_bin' LIMIT 1
)"};

}  // namespace

std::string connection::complaint()
{
    begin();
    snapshot const schema(*this);
    std::optional<std::string> const loose = schema.find<std::string>(no_transactions_sql);
    std::optional<std::string> const folding = schema.find<std::string>(folding_sql);
    commit();
    if (loose)
        return fmt::format("table {} is not InnoDB; end its CREATE TABLE with ENGINE = InnoDB",
                           *loose);
    if (folding)
        return fmt::format("a column of table {} does not compare by bytes; end its CREATE TABLE "
                           "with DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
                           *folding);
    return {};
}

}  // namespace mc::mysql
