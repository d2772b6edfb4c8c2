#pragma once

#include <span>
#include <string_view>

namespace mc
{

// One step of a schema, made from a file `0001_orders.sqlite.sql` at build time by mc_migrations
// (cmake/Migrations.cmake).
struct migration
{
    int number;             // 1
    std::string_view name;  // "orders"
    std::string_view sql;
};

// The platform's own tables, which every service's database has: outbox, inbox, idempotency keys,
// accounts …
std::span<migration const> platform_migrations();

}  // namespace mc
