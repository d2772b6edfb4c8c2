#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "platform/db/engines/mysql/facts.hpp"

// What a server's own words mean for a shop.
namespace mc
{
namespace
{

using words = std::map<std::string, std::string, std::less<>>;

constexpr std::int64_t galera_nodes_min = 3;

std::string_view word(words const& in, std::string_view name)
{
    auto const found = in.find(name);
    return found == in.end() ? std::string_view{} : std::string_view(found->second);
}

// 0 where there is none.
std::int64_t number(words const& in, std::string_view name)
{
    std::string_view const text = word(in, name);
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool is_on(words const& in, std::string_view name)
{
    std::string_view const value = word(in, name);
    return value == "ON" || value == "1";
}

bool is_galera(mysql_facts const& facts) { return is_on(facts.settings, "wsrep_on"); }

finding version_of(mysql_facts const& facts)
{
    std::string_view const version = word(facts.settings, "version");
    int major = 0;
    int minor = 0;
    char const* const end = version.data() + version.size();
    auto const [after, failed] = std::from_chars(version.data(), end, major);
    if (failed == std::errc{} && after != end)
        std::from_chars(after + 1, end, minor);
    bool const is_mariadb = version.contains("MariaDB");
    bool const is_old = is_mariadb ? major < 10 || (major == 10 && minor < 6) : major < 8;
    if (is_old && !version.contains("TiDB"))
        return {fmt::format("the server is {}, older than anything this program was tried with",
                            version),
                "use MariaDB 10.11 or MySQL 8.0, or a later one"};
    return {fmt::format("the server is {}", version)};
}

// A binary log of statements cannot hold what READ COMMITTED does; InnoDB refuses such writes.
finding isolation(mysql_facts const& facts)
{
    words const& set = facts.settings;
    if (is_on(set, "log_bin") && word(set, "binlog_format") == "STATEMENT")
        return {"binlog_format is STATEMENT, with which InnoDB refuses every write at READ "
                "COMMITTED",
                "SET GLOBAL binlog_format = 'ROW', the same in its configuration, and restart "
                "what is connected"};
    if (!word(set, "tidb_txn_mode").empty() && word(set, "tidb_txn_mode") != "pessimistic")
        return {"tidb_txn_mode is not pessimistic, so READ COMMITTED is not to be had",
                "SET GLOBAL tidb_txn_mode = 'pessimistic'"};
    return {"sessions have READ COMMITTED, a strict sql_mode and UTC, whatever the server's own"};
}

finding writing(mysql_facts const& facts)
{
    if (is_on(facts.settings, "read_only"))
        return {"the server is read_only, a replica perhaps: every write is refused",
                "let DB_HOST name the server that takes writes, or SET GLOBAL read_only = 0"};
    return {"takes writes"};
}

// On a cluster of three the other nodes hold what one of them forgets.
finding durability(mysql_facts const& facts)
{
    words const& set = facts.settings;
    if (is_galera(facts) && number(facts.status, "wsrep_cluster_size") >= galera_nodes_min)
        return {"what is answered is at every node of the cluster"};
    std::string_view const flush = word(set, "innodb_flush_log_at_trx_commit");
    if (!flush.empty() && flush != "1")
        return {fmt::format("innodb_flush_log_at_trx_commit is {}: a power cut takes the last "
                            "second of orders that were answered",
                            flush),
                "SET GLOBAL innodb_flush_log_at_trx_commit = 1, and in its configuration"};
    if (is_on(set, "log_bin") && word(set, "sync_binlog") != "1" &&
        !word(set, "sync_binlog").empty())
        return {
            fmt::format("log_bin is on and sync_binlog is {}: a power cut takes the last orders "
                        "that were answered",
                        word(set, "sync_binlog")),
            "SET GLOBAL sync_binlog = 1, and in its configuration"};
    return {"what is answered is on disk"};
}

finding connections(mysql_facts const& facts, mysql_wants const& wants)
{
    std::int64_t const most = number(facts.settings, "max_connections");
    std::int64_t const each = number(facts.settings, "max_user_connections");
    std::int64_t const room = each > 0 ? std::min(most, each) : most;
    std::int64_t const used = number(facts.status, "max_used_connections");
    if (room <= 0)
        return {word(facts.settings, "version").contains("TiDB")
                    ? "takes as many connections as there come (max_connections is 0)"
                    : "does not say how many connections it takes"};
    std::string_view const limit =
        each > 0 && each < most ? "max_user_connections" : "max_connections";
    std::string const mend = fmt::format(
        "raise {} above DB_POOL_SIZE × services × copies, or lower DB_POOL_SIZE", limit);
    if (room < wants.connections)
        return {fmt::format("{} is {}, and one process with these services makes {}", limit, room,
                            wants.connections),
                mend};
    if (used * 100 >= most * mysql_connections_used_max)
        return {fmt::format("{} of max_connections = {} were in use at once", used, most), mend};
    return {fmt::format("{} = {} holds {} process(es) like this one, {} connections each; {} are "
                        "open, {} at most so far",
                        limit, room, room / std::max(1, wants.connections), wants.connections,
                        word(facts.status, "threads_connected"), used)};
}

finding clocks(mysql_facts const& facts, mysql_wants const& wants)
{
    std::int64_t const apart = std::llabs(facts.clock_ms - epoch_ms(wants.now));
    if (apart > mysql_clock_difference_max.count())
        return {fmt::format("its clock and this machine's are {} ms apart", apart),
                "let both follow the same time (NTP)"};
    std::string_view zone = word(facts.settings, "time_zone");
    if (zone == "SYSTEM")
        zone = word(facts.settings, "system_time_zone");
    return {fmt::format(
        "its clock is this machine's within {} ms (its zone, {}, matters to nobody)", apart, zone)};
}

finding packets(mysql_facts const& facts)
{
    std::int64_t const most = number(facts.settings, "max_allowed_packet");
    if (most > 0 && most < mysql_packet_bytes_min)
        return {fmt::format("max_allowed_packet is {}: large events would be refused", most),
                fmt::format("SET GLOBAL max_allowed_packet = {}, and in its configuration",
                            mysql_packet_bytes_min)};
    return {fmt::format("max_allowed_packet is {}", most)};
}

finding cluster(mysql_facts const& facts)
{
    std::int64_t const size = number(facts.status, "wsrep_cluster_size");
    std::string_view const part = word(facts.status, "wsrep_cluster_status");
    std::string_view const state = word(facts.status, "wsrep_local_state_comment");
    if (part != "Primary" || !is_on(facts.status, "wsrep_ready"))
        return {fmt::format("Galera: this node is {}, part of {}: it takes nothing", state, part),
                "bring back the majority of its nodes, or bootstrap one (pc.bootstrap)"};
    if (state != "Synced" && !state.starts_with("Donor"))
        return {fmt::format("Galera: this node is {}", state),
                "wait until it is Synced, or let DB_HOST name another node"};
    if (number(facts.settings, "innodb_autoinc_lock_mode") != 2)
        return {"Galera: innodb_autoinc_lock_mode is not 2", "set it to 2 at every node"};
    if (size < galera_nodes_min)
        return {fmt::format("Galera: {} node(s) are there; should one go, the rest may stop", size),
                "bring the others back: three are the least"};
    return {fmt::format("Galera: {}, one of {} nodes", state, size)};
}

}  // namespace

std::vector<finding> findings_about(mysql_facts const& facts, mysql_wants const& wants)
{
    std::vector<finding> all{
        version_of(facts),         writing(facts), isolation(facts),    durability(facts),
        connections(facts, wants), packets(facts), clocks(facts, wants)};
    if (is_galera(facts))
        all.push_back(cluster(facts));
    return all;
}

}  // namespace mc
