#include <array>

#include <fmt/format.h>

#include "platform/events/dead_letters.hpp"
#include "platform/events/outbox.hpp"
#include "platform/mail/mails.hpp"
#include "platform/runtime/counted.hpp"
#include "platform/runtime/host_parts.hpp"
#include "platform/runtime/logs.hpp"

// What a host tells of its units: whether they are ready, and their figures.
namespace mc
{
namespace
{

// A figure of a database, and how its series is called.
struct database_figure
{
    char const* name;
    char const* help;
    std::int64_t database_figures::* value;
};

constexpr std::array<database_figure, 8> database_figures_told{{
    {"mc_write_queue", "Actions waiting for the writer.", &database_figures::write_queue},
    {"mc_read_queue", "Queries waiting for a reader.", &database_figures::read_queue},
    {"mc_db_actions_total", "Runs of writing actions.", &database_figures::actions},
    {"mc_db_commits_total", "Commits, of one action or several.", &database_figures::groups},
    {"mc_db_batched_total", "Actions done in a batch of several.", &database_figures::batched},
    {"mc_db_lost_races_total", "Actions run again after a lost race.",
     &database_figures::lost_races},
    {"mc_db_refused_total", "Actions and queries refused for want of room or time.",
     &database_figures::refused},
    {"mc_db_commit_failures_total", "Commits that failed or got no answer.",
     &database_figures::commit_failures},
}};

}  // namespace

// Every call that takes a lock or looks at a disk has been made elsewhere: this answers on an I/O
// thread.
http::readiness host_parts::ready(unit const& of) const
{
    http::readiness checks;
    bool const is_draining = draining.load();
    checks.push_back({"process", !is_draining, is_draining ? "stopping" : "ok"});
    bool const takes_writes = of.db->figures().write_queue < database_limits{}.write_queue_max;
    checks.push_back({"database", takes_writes, takes_writes ? "ok" : "its write queue is full"});
    // Kafka may be away for a while: requests are answered all the same, so this is told and does
    // not turn anybody away.
    bool const log_is_here = !of.to_log->is_cut_off() && !log->is_away();
    checks.push_back({"log", log_is_here || kafka_brokers(options.settings).has_value(),
                      log_is_here ? "ok" : "away; events wait in the outbox"});
    bool const caught_up = of.from_log->caught_up();
    // What the log held at the start is known to have been taken in before anything is read: the
    // service may answer. What is told now comes when it reads.
    checks.push_back(
        {"events", caught_up,
         fmt::format("{}, {}", caught_up ? "ok" : "catching up",
                     of.from_log->reads() ? fmt::format("{} behind", of.from_log->lag())
                                          : std::string("not reading yet"))});
    return checks;
}

void host_parts::watch(unit& made)
{
    std::string const service(made.info->wire_name);
    database* const db = made.db.get();
    consumer* const follows = made.from_log.get();
    boost::asio::any_io_executor const counting = threads.context(0).get_executor();
    for (database_figure const& each : database_figures_told)
        made.gauges.push_back(measured.gauge({each.name, each.help, service},
                                             [db, &each] { return db->figures().*each.value; }));
    made.gauges.push_back(measured.gauge({"mc_outbox_backlog", "Events not yet sent.", service},
                                         counted(*db, outbox::count, counting)));
    made.gauges.push_back(measured.gauge({"mc_dead_letters", "Events not in effect.", service},
                                         counted(*db, dead_letters::count, counting)));
    made.gauges.push_back(measured.gauge({"mc_consumer_lag", "Events not yet taken in.", service},
                                         [follows] { return follows->lag(); }));
    if (made.info->mail == sends_mail::yes)
        made.gauges.push_back(
            measured.gauge({"mc_mails_waiting", "Mails neither sent nor given up.", service},
                           counted(*db, mails::count_waiting, counting)));
}

}  // namespace mc
