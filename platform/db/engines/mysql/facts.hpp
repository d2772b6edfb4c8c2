#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/finding.hpp"
#include "platform/core/time.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"
#include "platform/db/recorded_migrations.hpp"
#include "platform/db/statement.hpp"

// A database server looked at from outside, for `doctor`. Nothing is changed.
namespace mc
{

// What a server says of itself, by the server's own names in lower case; what it does not know is
// missing.
struct mysql_facts
{
    std::map<std::string, std::string, std::less<>> settings;  // Global ones.
    std::map<std::string, std::string, std::less<>> status;
    std::int64_t clock_ms = 0;  // Its own, since 1970 UTC.
};

// What one process wants of it.
struct mysql_wants
{
    int connections = 0;  // All pools together, with those that only a start needs.
    timestamp now;        // When the server was asked.
};

inline constexpr milliseconds mysql_clock_difference_max{2'000};
inline constexpr std::int64_t mysql_packet_bytes_min = 4 * 1024 * 1024;
// Of max_connections, in hundredths.
inline constexpr std::int64_t mysql_connections_used_max = 90;

// What of these facts is well and what is not, the most important first.
std::vector<finding> findings_about(mysql_facts const& facts, mysql_wants const& wants);

// One connection. Every call may take the limits of its options, and throws outage with a sentence.
class mysql_view
{
public:
    // Connects, which also shows that sessions can have what ours have: READ COMMITTED, UTC, strict
    // sql_mode.
    explicit mysql_view(mysql_options options);
    ~mysql_view();
    mysql_view(mysql_view const&) = delete;
    mysql_view& operator=(mysql_view const&) = delete;

    mysql_facts facts();
    // Tables that are not InnoDB or fold letters, in a sentence; empty when there are none.
    std::string complaint();
    // Empty: there are no tables of ours yet.
    std::vector<recorded_migration> migrations();
    // The rows of a statement without arguments, each column as text, NULL as nothing in it.
    std::vector<std::vector<std::string>> rows(statement const& wanted);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace mc
