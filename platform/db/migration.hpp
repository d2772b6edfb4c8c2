#pragma once

#include <span>
#include <string_view>

namespace mc
{

enum class sql_dialect
{
    sqlite,
    mysql
};

// One step of a schema, made from a file `0001_orders.sqlite.sql` or `0001_orders.mysql.sql` at
// build time by mc_migrations (cmake/Migrations.cmake). Each dialect is numbered for itself. MySQL
// commits with every change of a schema, so a file for it holds one statement.
struct migration
{
    int number;             // 1
    std::string_view name;  // "orders"
    std::string_view sql;
    sql_dialect dialect = sql_dialect::sqlite;
};

// The platform's own tables, which every service's database has: outbox, inbox, idempotency keys,
// accounts … In every dialect.
std::span<migration const> platform_migrations();

}  // namespace mc
