#include "platform/db/engines/mysql/facts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/text.hpp"
#include "platform/db/snapshot.hpp"
#include "platform/json/describe.hpp"

namespace mc
{
namespace
{

struct named_value
{
    std::string name;
    std::string value;
};
MC_DESCRIBE(named_value, name, value)

struct recorded_row
{
    std::string series;
    int number;
    std::string name;
    std::int64_t is_done;
};
MC_DESCRIBE(recorded_row, series, number, name, is_done)

constexpr statement settings_sql{"facts.settings", R"(
    SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('version', 'version_comment', 'read_only', 'log_bin', 'binlog_format', 'sync_binlog',
         'innodb_flush_log_at_trx_commit', 'innodb_autoinc_lock_mode', 'max_connections',
         'max_user_connections', 'max_allowed_packet', 'time_zone', 'system_time_zone',
         'wsrep_on', 'tidb_txn_mode')
)"};
constexpr statement status_sql{"facts.status", R"(
    SHOW GLOBAL STATUS WHERE Variable_name IN
        ('Threads_connected', 'Max_used_connections', 'wsrep_cluster_size',
         'wsrep_cluster_status', 'wsrep_local_state_comment', 'wsrep_ready')
)"};
constexpr statement clock_sql{"facts.clock", R"(
    SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)
)"};
constexpr statement has_record_sql{"facts.has_record", R"(
    SELECT COUNT(*) FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'
)"};
constexpr statement recorded_sql{"facts.recorded", R"(
    SELECT series, number, name, is_done FROM schema_migrations ORDER BY series, number LIMIT 10000
)"};

std::map<std::string, std::string, std::less<>> by_name(std::vector<named_value> const& listed)
{
    std::map<std::string, std::string, std::less<>> found;
    for (named_value const& each : listed)
    {
        std::string name = each.name;
        std::ranges::transform(name, name.begin(), [](char c)
                               { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        found.emplace(std::move(name), each.value);
    }
    return found;
}

std::string text_of(engine::cell const& from)
{
    using enum engine::cell::type;
    switch (from.kind)
    {
    case null:    return {};
    case integer: return std::to_string(from.integer);
    case text:
    case blob:    return std::string(from.bytes);
    case real:    return fmt::format("{}", from.real);
    }
    return {};
}

}  // namespace

struct mysql_view::state
{
    std::unique_ptr<engine::source> from;
    // A writer's: what it is set up with is what has to be possible.
    std::unique_ptr<engine::connection> on;
};

mysql_view::mysql_view(mysql_options options) : state_(std::make_unique<state>())
{
    state_->from = make_mysql_engine(std::move(options));
    state_->on = state_->from->connect(engine::purpose::write);
}

mysql_view::~mysql_view() = default;

mysql_facts mysql_view::facts()
{
    engine::connection& on = *state_->on;
    on.begin_read();
    snapshot const all(on);
    mysql_facts found{.settings = by_name(all.list<named_value>(settings_sql)),
                      .status = by_name(all.list<named_value>(status_sql)),
                      .clock_ms = all.number(clock_sql).value_or(0)};
    on.commit();
    return found;
}

std::string mysql_view::complaint() { return state_->on->complaint(); }

std::vector<recorded_migration> mysql_view::migrations()
{
    engine::connection& on = *state_->on;
    on.begin_read();
    snapshot const all(on);
    std::vector<recorded_migration> found;
    if (all.number(has_record_sql).value_or(0) == 1)
        for (recorded_row const& row : all.list<recorded_row>(recorded_sql))
            found.push_back({.series = row.series,
                             .number = row.number,
                             .name = row.name,
                             .is_done = row.is_done == 1});
    on.commit();
    return found;
}

std::vector<std::vector<std::string>> mysql_view::rows(statement const& wanted)
{
    engine::connection& on = *state_->on;
    std::vector<std::vector<std::string>> found;
    on.begin_read();
    for (db_detail::run running(on, wanted, {}); running.next();)
    {
        found.emplace_back();
        for (int at = 0; at < running.row().columns(); ++at)
            found.back().push_back(text_of(running.row().column(at)));
    }
    on.commit();
    return found;
}

}  // namespace mc
