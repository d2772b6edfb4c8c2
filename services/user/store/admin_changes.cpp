#include "services/user/store/admin_changes.hpp"

namespace mc::user_service::admin_changes
{
namespace
{

constexpr statement version_sql{"admin_changes.version",
                                "SELECT version FROM admin_changes WHERE id = 1"};

constexpr statement raise_sql{"admin_changes.raise", R"(
    UPDATE admin_changes SET version = version + 1 WHERE id = 1 AND version = ?
)"};

}  // namespace

std::int64_t version(snapshot& in) { return in.number(version_sql).value_or(0); }

bool raise(transaction& tx, std::int64_t seen) { return tx.execute(raise_sql, seen) == 1; }

}  // namespace mc::user_service::admin_changes
