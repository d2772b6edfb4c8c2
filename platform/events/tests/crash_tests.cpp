#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/core/fail_point.hpp"
#include "platform/events/tests/fixture.hpp"

// A process is ended without warning, at a named place or by kill -9; a second one starts on the
// same files. Whatever was committed must be in effect then, once, in order, and nothing else.
namespace mc::events_test
{

namespace
{

constexpr std::int64_t parcels = 5;

// The change itself, beside its event: what the effects are compared with.
result<> move_parcel(transaction& tx, std::int64_t parcel, std::int64_t number)
{
    parcel_moved const moved{id_of<events_test::parcel>{parcel}, number, "Utrecht"};
    result<> const kept = remember(tx, "", moved);
    if (kept)
        outbox::add(tx, moved);
    return kept;
}

struct shop
{
    system_clock now;
    std::unique_ptr<embedded_log> log;
    std::unique_ptr<database> source;
    std::unique_ptr<database> effects;
    listener hears;
    subscription_table table = hears.table();
    std::unique_ptr<relay> sending;
    std::unique_ptr<consumer> hearing;

    explicit shop(temporary_folder const& in)
        : log(embedded_log::open({.file = in / "log.db", .now = now})),
          source(open_database(in / "source.db", "source", now)),
          effects(open_database(in / "effects.db", "effects", now))
    {
        // Small batches, so that every place is passed often however the threads are scheduled.
        sending =
            std::make_unique<relay>(*source, *log, relay_options{.batch_max = 2, .delete_max = 3});
        consumer_options options = group_options("effects-group", now);
        options.batch_max = 3;
        hearing = std::make_unique<consumer>(*effects, *log, table, options);
        sending->start();
        hearing->start();
    }

    bool settled()
    {
        return outbox_size(*source) == 0 && count_effects(*source) <= count_effects(*effects);
    }

    void close()
    {
        sending->stop();
        hearing->stop();
        source->close();
        effects->close();
    }
};

// Moves parcels for ever, or `count` times; a byte down the pipe for each that was acknowledged.
void move_parcels(shop& in, std::int64_t count, int acknowledged)
{
    std::int64_t const begin = count_effects(*in.source);
    for (std::int64_t i = begin; i < begin + count; ++i)
    {
        in.source->write_now(move_parcel, 1 + i % parcels, 1 + i / parcels).value();
        if (::write(acknowledged, "x", 1) != 1)
            ::_exit(3);
    }
}

// A second process on the files of the first: everything must come to rest, and be right.
void check_after_restart(temporary_folder const& in, std::int64_t acknowledged)
{
    shop again(in);
    CHECK(eventually([&] { return again.settled(); }));
    std::vector<effect_row> const committed = effects_of(*again.source);
    std::vector<effect_row> const effects = effects_of(*again.effects);
    CHECK(std::ssize(committed) >= acknowledged);
    CHECK(effects.size() == committed.size());
    std::map<std::int64_t, std::int64_t> last;
    for (effect_row const& each : effects)
        CHECK(each.number == ++last[each.parcel_id]);  // Once each, and in order.
    CHECK(letters_of(*again.effects).empty());
    again.close();
}

std::int64_t bytes_left_in(int pipe)
{
    std::int64_t count = 0;
    char one = 0;
    while (::read(pipe, &one, 1) == 1)
        ++count;
    ::close(pipe);
    return count;
}

// In a process of its own, which ends at the fail point, or with `survived`.
constexpr int survived = 0;
int run_until(std::string const& fail_point, temporary_folder const& in, std::int64_t& acknowledged)
{
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0)
    {
        ::close(pipe[0]);
        if (!fail_points::arm(fail_point))
            ::_exit(2);
        shop first(in);
        move_parcels(first, 40, pipe[1]);
        ::_exit(eventually([&] { return first.settled(); }) ? survived : 4);
    }
    ::close(pipe[1]);
    acknowledged = bytes_left_in(pipe[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE(
    "a process that ends at any place between commit and effect loses nothing and doubles nothing")
{
    for (char const* place :
         {"db.before_commit@source", "db.after_commit@source", "relay.before_append",
          "log.before_commit", "log.after_commit", "relay.after_append", "relay.after_delete",
          "consumer.before_commit", "db.before_commit@effects", "db.after_commit@effects",
          "consumer.after_commit"})
        for (int hit : {1, 2, 5})
        {
            std::string const fail_point = fmt::format("{}:{}", place, hit);
            CAPTURE(fail_point);
            temporary_folder const folder;
            std::int64_t acknowledged = 0;
            CHECK(run_until(fail_point, folder, acknowledged) == fail_points::exit_code);
            check_after_restart(folder, acknowledged);
        }
}

TEST_CASE("a process that is killed ten times in a row at work loses nothing and doubles nothing")
{
    temporary_folder const folder;
    std::int64_t acknowledged = 0;
    for (int round = 0; round < 10; ++round)
    {
        int pipe[2];
        REQUIRE(::pipe(pipe) == 0);
        pid_t const child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0)
        {
            ::close(pipe[0]);
            shop first(folder);
            move_parcels(first, 1'000'000, pipe[1]);
            ::_exit(survived);
        }
        ::close(pipe[1]);
        char one = 0;
        for (int i = 0; i < 3 + 17 * round; ++i)
        {
            REQUIRE(::read(pipe[0], &one, 1) == 1);
            ++acknowledged;
        }
        REQUIRE(::kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));  // It was at work, and did not end by itself.
        acknowledged += bytes_left_in(pipe[0]);
    }
    check_after_restart(folder, acknowledged);
}

TEST_CASE("fail points are armed by place, owner and number, and anything else is refused")
{
    for (char const* wrong :
         {"", ":", "a:", "a:0", "a:-1", "a:x", "a:1x", "a@", "@b", "a b", "a@b@c", "A"})
    {
        CAPTURE(wrong);
        result<> const armed = fail_points::arm(wrong);
        CHECK_FALSE(armed);
    }
    CHECK_FALSE(fail_points::armed);
}

}  // namespace mc::events_test
