#include "platform/db/engines/mysql/facts.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace mc
{
namespace
{

constexpr std::int64_t noon = 1'795'000'000'000;

// A server as it should be.
mysql_facts good()
{
    return {.settings = {{"version", "10.11.14-MariaDB-0+deb12u2"},
                         {"read_only", "OFF"},
                         {"log_bin", "OFF"},
                         {"binlog_format", "MIXED"},
                         {"sync_binlog", "0"},
                         {"innodb_flush_log_at_trx_commit", "1"},
                         {"innodb_autoinc_lock_mode", "1"},
                         {"max_connections", "151"},
                         {"max_user_connections", "0"},
                         {"max_allowed_packet", "16777216"},
                         {"time_zone", "SYSTEM"},
                         {"system_time_zone", "CET"}},
            .status = {{"threads_connected", "12"}, {"max_used_connections", "45"}},
            .clock_ms = noon};
}

mysql_facts galera()
{
    mysql_facts facts = good();
    facts.settings["wsrep_on"] = "ON";
    facts.settings["innodb_autoinc_lock_mode"] = "2";
    facts.status["wsrep_cluster_size"] = "3";
    facts.status["wsrep_cluster_status"] = "Primary";
    facts.status["wsrep_ready"] = "ON";
    facts.status["wsrep_local_state_comment"] = "Synced";
    return facts;
}

std::vector<finding> judged(mysql_facts const& facts, int connections = 44)
{
    return findings_about(facts, {.connections = connections, .now = from_epoch_ms(noon)});
}

// What is wrong, and only that.
std::string wrongs_of(mysql_facts const& facts, int connections = 44)
{
    std::string all;
    for (finding const& each : judged(facts, connections))
        if (each.is_wrong())
            all += each.found + "\n";
    return all;
}

}  // namespace

TEST_CASE("mysql facts: a server as it should be has nothing wrong, and says how much it holds")
{
    CHECK(wrongs_of(good()).empty());
    CHECK(wrongs_of(galera()).empty());
    std::vector<finding> const all = judged(good());
    CHECK(
        std::ranges::any_of(all, [](finding const& each)
                            { return each.found.contains("holds 3 process(es) like this one"); }));
    CHECK(std::ranges::any_of(all, [](finding const& each) { return each.found.contains("CET"); }));
}

TEST_CASE("mysql facts: each setting that loses or refuses something is wrong, and says the mend")
{
    struct row
    {
        char const* name;
        char const* value;
        char const* said;
    };
    row const rows[] = {
        {"version", "5.7.44", "older than anything"},
        {"version", "10.5.28-MariaDB", "older than anything"},
        {"read_only", "ON", "every write is refused"},
        {"innodb_flush_log_at_trx_commit", "2", "a power cut takes the last second"},
        {"innodb_flush_log_at_trx_commit", "0", "a power cut takes the last second"},
        {"max_connections", "43",
         "max_connections is 43, and one process with these services "
         "makes 44"},
        {"max_connections", "50", "45 of max_connections = 50 were in use"},
        {"max_user_connections", "20", "max_user_connections is 20"},
        {"max_allowed_packet", "1048576", "large events would be refused"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.name);
        CAPTURE(each.value);
        mysql_facts facts = good();
        facts.settings[each.name] = each.value;
        CHECK(wrongs_of(facts).contains(each.said));
    }
}

TEST_CASE("mysql facts: both sides of each limit")
{
    mysql_facts facts = good();
    facts.settings["max_connections"] = "51";
    CHECK(wrongs_of(facts, 51).empty());
    CHECK_FALSE(wrongs_of(facts, 52).empty());
    facts = good();
    facts.settings["max_allowed_packet"] = std::to_string(mysql_packet_bytes_min);
    CHECK(wrongs_of(facts).empty());
    facts.settings["max_allowed_packet"] = std::to_string(mysql_packet_bytes_min - 1);
    CHECK_FALSE(wrongs_of(facts).empty());
    facts = good();
    facts.clock_ms = noon - mysql_clock_difference_max.count();
    CHECK(wrongs_of(facts).empty());
    facts.clock_ms = noon + mysql_clock_difference_max.count() + 1;
    CHECK(wrongs_of(facts).contains("2001 ms apart"));
    facts = good();
    facts.settings["version"] = "10.6.0-MariaDB";
    CHECK(wrongs_of(facts).empty());
    facts.settings["version"] = "8.0.36";
    CHECK(wrongs_of(facts).empty());
}

TEST_CASE("mysql facts: a binary log must be able to hold what is written, and be on disk")
{
    mysql_facts facts = good();
    facts.settings["binlog_format"] = "STATEMENT";
    facts.settings["sync_binlog"] = "0";
    CHECK(wrongs_of(facts).empty());  // There is none.
    facts.settings["log_bin"] = "ON";
    CHECK(wrongs_of(facts).contains("refuses every write at READ COMMITTED"));
    facts.settings["binlog_format"] = "ROW";
    CHECK(wrongs_of(facts) ==
          "log_bin is on and sync_binlog is 0: a power cut takes the last orders "
          "that were answered\n");
    facts.settings["sync_binlog"] = "1";
    CHECK(wrongs_of(facts).empty());
}

TEST_CASE("mysql facts: a Galera node takes part in a majority of three, and is up to date")
{
    struct row
    {
        char const* name;
        char const* value;
        char const* said;
    };
    row const rows[] = {
        {"wsrep_cluster_status", "non-Primary", "it takes nothing"},
        {"wsrep_ready", "OFF", "it takes nothing"},
        {"wsrep_local_state_comment", "Joining", "this node is Joining"},
        {"wsrep_cluster_size", "2", "2 node(s) are there"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.name);
        mysql_facts facts = galera();
        facts.status[each.name] = each.value;
        CHECK(wrongs_of(facts).contains(each.said));
    }
    mysql_facts facts = galera();
    facts.settings["innodb_autoinc_lock_mode"] = "1";
    CHECK(wrongs_of(facts).contains("innodb_autoinc_lock_mode"));
    // The other nodes hold what one of them would forget.
    facts = galera();
    facts.settings["innodb_flush_log_at_trx_commit"] = "2";
    CHECK(wrongs_of(facts).empty());
    facts.status["wsrep_local_state_comment"] = "Donor/Desynced";
    CHECK(wrongs_of(facts).empty());
}

TEST_CASE("mysql facts: TiDB takes any number of connections, and must lock what it writes")
{
    mysql_facts facts = good();
    facts.settings["version"] = "8.0.11-TiDB-v8.5.0";
    facts.settings["max_connections"] = "0";
    facts.settings["tidb_txn_mode"] = "pessimistic";
    CHECK(wrongs_of(facts).empty());
    CHECK(
        std::ranges::any_of(judged(facts), [](finding const& each)
                            { return each.found.contains("as many connections as there come"); }));
    facts.settings["tidb_txn_mode"] = "optimistic";
    CHECK(wrongs_of(facts).contains("tidb_txn_mode is not pessimistic"));
}

TEST_CASE("mysql facts: a server that says nothing of itself breaks nothing")
{
    CHECK(wrongs_of({.settings = {}, .status = {}, .clock_ms = noon}).contains("older than"));
}

}  // namespace mc
