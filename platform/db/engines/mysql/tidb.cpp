#include "platform/db/engines/mysql/tidb.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace mc::mysql
{

namespace
{

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view alter = "ALTER TABLE ";
constexpr std::string_view create = "CREATE TABLE ";

// Without comments before it, which have lines of their own, and without blanks and the semicolon
// behind it.
std::string_view statement_in(std::string_view file)
{
    for (;;)
    {
        file.remove_prefix(std::min(file.find_first_not_of(blanks), file.size()));
        if (!file.starts_with("--"))
            break;
        file.remove_prefix(std::min(file.find('\n'), file.size()));
    }
    return file.substr(0, file.find_last_not_of(" \t\r\n;") + 1);
}

// Up to the first comma that stands in no brackets and no quotes.
std::string_view first_of(std::string_view list)
{
    int depth = 0;
    char quote = 0;
    for (std::size_t at = 0; at < list.size(); ++at)
    {
        char const c = list[at];
        if (quote != 0)
            quote = c == quote ? 0 : quote;  // A doubled one ends and begins.
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
        else if (c == '(')
            ++depth;
        else if (c == ')')
            --depth;
        else if (c == ',' && depth == 0)
            return list.substr(0, at);
    }
    return list;
}

std::vector<std::string> each_alone(std::string_view altering)
{
    std::string_view const named = altering.substr(alter.size());
    std::size_t const name_ends = std::min(named.find_first_of(blanks), named.size());
    std::string_view const table = named.substr(0, name_ends);
    std::string_view left = named.substr(name_ends);
    std::vector<std::string> found;
    while (!left.empty())
    {
        std::string_view const change = first_of(left);
        found.push_back(fmt::format("{}{}{}", alter, table, change));
        left.remove_prefix(std::min(change.size() + 1, left.size()));
    }
    return found;
}

}  // namespace

std::vector<std::string> for_tidb(std::string_view change)
{
    std::string_view const sql = statement_in(change);
    if (sql.starts_with(alter))
        return each_alone(sql);
    if (sql.starts_with(create) && sql.contains("AUTO_INCREMENT"))
        return {fmt::format("{} AUTO_ID_CACHE = 1", sql)};
    return {std::string(sql)};
}

}  // namespace mc::mysql
