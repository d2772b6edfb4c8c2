#include "platform/db/engines/sqlite/check.hpp"

#include <charconv>
#include <memory>

#include <sqlite3.h>

namespace mc
{
namespace
{

constexpr int patience_ms = 1000;

constexpr statement quick_check_sql{"check.quick_check", "PRAGMA quick_check(1)"};
constexpr statement recorded_sql{"check.recorded_migrations", R"(
    SELECT series, number, name FROM schema_migrations ORDER BY series, number
)"};

// A file that is only read, and one statement on it; `why` says what went wrong.
class looking
{
public:
    looking(std::filesystem::path const& file, statement const& wanted)
    {
        sqlite3* opened = nullptr;
        int const code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
        database_.reset(opened);
        if (code != SQLITE_OK)
        {
            why = sqlite3_errstr(code);
            return;
        }
        sqlite3_busy_timeout(opened, patience_ms);
        sqlite3_stmt* prepared = nullptr;
        std::string const sql(wanted.sql);
        if (sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
            why = sqlite3_errmsg(opened);
        statement_.reset(prepared);
    }

    bool next()
    {
        if (!why.empty())
            return false;
        int const code = sqlite3_step(statement_.get());
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            why = sqlite3_errmsg(database_.get());
        return code == SQLITE_ROW;
    }
    int columns() const { return sqlite3_column_count(statement_.get()); }
    std::string text(int column) const
    {
        unsigned char const* const at = sqlite3_column_text(statement_.get(), column);
        return at == nullptr ? std::string() : reinterpret_cast<char const*>(at);
    }

    std::string why;

private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_{nullptr, sqlite3_close_v2};
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_{nullptr, sqlite3_finalize};
};

}  // namespace

std::optional<std::string> damage_of(std::filesystem::path const& file)
{
    looking at(file, quick_check_sql);
    if (!at.next())
        return at.why.empty() ? "no answer to quick_check" : at.why;
    std::string said = at.text(0);
    if (said == "ok")
        return std::nullopt;
    return said;
}

std::vector<std::vector<std::string>> look_into(std::filesystem::path const& file,
                                                statement const& wanted)
{
    std::vector<std::vector<std::string>> rows;
    for (looking at(file, wanted); at.next();)
    {
        rows.emplace_back();
        for (int column = 0; column < at.columns(); ++column)
            rows.back().push_back(at.text(column));
    }
    return rows;
}

std::vector<recorded_migration> recorded_migrations(std::filesystem::path const& file)
{
    std::vector<recorded_migration> all;
    for (std::vector<std::string> const& row : look_into(file, recorded_sql))
    {
        recorded_migration one{.series = row[0], .number = 0, .name = row[2]};
        std::from_chars(row[1].data(), row[1].data() + row[1].size(), one.number);
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace mc
