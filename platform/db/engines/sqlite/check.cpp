#include "platform/db/engines/sqlite/check.hpp"

#include <memory>

#include <sqlite3.h>

namespace mc
{

std::optional<std::string> damage_of(std::filesystem::path const& file)
{
    sqlite3* opened = nullptr;
    int const code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> const database(opened, sqlite3_close_v2);
    if (code != SQLITE_OK)
        return sqlite3_errstr(code);

    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(opened, "PRAGMA quick_check(1)", -1, &prepared, nullptr) != SQLITE_OK)
        return sqlite3_errmsg(opened);
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> const statement(prepared,
                                                                          sqlite3_finalize);
    if (sqlite3_step(prepared) != SQLITE_ROW)
        return sqlite3_errmsg(opened);
    std::string const said = reinterpret_cast<char const*>(sqlite3_column_text(prepared, 0));
    if (said == "ok")
        return std::nullopt;
    return said;
}

}  // namespace mc
