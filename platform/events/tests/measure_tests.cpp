#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "platform/events/tests/fixture.hpp"
#include "platform/events/tests/kafka_place.hpp"

// Figures, not checks; left out unless asked for: test_platform_events --no-skip -tc="measure*"
namespace mc::events_test
{

namespace
{

using microseconds = std::chrono::microseconds;

// On Kafka where there is one (see kafka_place), else on the embedded log.
struct place
{
    temporary_folder folder;
    system_clock now;
    std::unique_ptr<event_log> log = open_log(folder, now);
    std::unique_ptr<database> source = open_database(folder / "source.db", "source", now);
    std::unique_ptr<database> shop = open_database(folder / "shop.db", "shop", now);
    listener hears;
    subscription_table table = hears.table();
    relay sending{*source, *log};
    consumer hearing{*shop, *log, table, {.group = "shop-service-group", .now = now}};

    static std::unique_ptr<event_log> open_log(temporary_folder const& in, clock const& now)
    {
        if (kafka_place::is_here())
            return kafka_place().open();
        return embedded_log::open({.file = in / "log.db", .now = now});
    }

    ~place()
    {
        sending.stop();
        hearing.stop();
        source->close();
        shop->close();
    }
};

std::int64_t since(steady_time begun)
{
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begun)
        .count();
}

// Processor time of the whole process, in microseconds.
std::int64_t processor_time()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1'000'000 + used.ru_utime.tv_usec +
           used.ru_stime.tv_usec;
}

std::string percentiles(std::vector<std::int64_t> us)
{
    std::ranges::sort(us);
    auto const at = [&](std::size_t permille)
    { return us[std::min(us.size() - 1, us.size() * permille / 1000)]; };
    return fmt::format("p50 {} p90 {} p99 {} max {} µs ({} events)", at(500), at(900), at(990),
                       us.back(), us.size());
}

constexpr statement numbers_sql{"measure.numbers", R"(
    SELECT number FROM effects WHERE id > ? ORDER BY id LIMIT 100000
)"};

std::vector<std::int64_t> numbers_after(snapshot& from, std::int64_t after)
{
    return from.list<std::int64_t>(numbers_sql, after);
}

// Commits `count` events one by one from each of `threads` threads, `pause` apart, and notes when
// each was durable at its source and when its effect could be seen in the other database.
void measure_latency(place& at, int threads, int count, microseconds pause, char const* what)
{
    std::size_t const total = static_cast<std::size_t>(threads * count);
    std::vector<std::atomic<std::int64_t>> committed(total);
    std::vector<std::int64_t> took;
    std::int64_t const seen_before = count_effects(*at.shop);
    steady_time const begun = std::chrono::steady_clock::now();
    std::vector<std::thread> committing;
    for (int thread = 0; thread < threads; ++thread)
        committing.emplace_back(
            [&, thread]
            {
                for (int i = 0; i < count; ++i)
                {
                    std::int64_t const number = thread * count + i;
                    tell(*at.source, {id_of<parcel>{1 + number % 97}, number, "Utrecht"});
                    committed[static_cast<std::size_t>(number)] = since(begun);
                    pause_for(pause);
                }
            });
    while (took.size() < total)
    {
        std::vector<std::int64_t> const numbers =
            at.shop->read_now(numbers_after, seen_before + static_cast<std::int64_t>(took.size()));
        std::int64_t const seen = since(begun);
        for (std::int64_t const number : numbers)
        {
            std::int64_t const durable = committed[static_cast<std::size_t>(number)];
            took.push_back(durable == 0 ? 0 : std::max<std::int64_t>(0, seen - durable));
        }
        if (numbers.empty())
            pause_for(microseconds(20));
    }
    std::int64_t const all = since(begun);
    for (std::thread& thread : committing)
        thread.join();
    MESSAGE(fmt::format("{}: {:.0f} events/s, commit to effect {}", what,
                        static_cast<double>(total) * 1e6 / static_cast<double>(all),
                        percentiles(std::move(took))));
}

}  // namespace

TEST_CASE("measure: a backlog from outbox to effect" * doctest::skip())
{
    place at;
    constexpr std::int64_t backlog = 100'000;
    for (std::int64_t i = 0; i < backlog / 1'000; ++i)
        tell_many(*at.source, 1, 1'000, 1);
    steady_time const begun = std::chrono::steady_clock::now();
    at.sending.start();
    at.hearing.start();
    CHECK(eventually([&] { return count_effects(*at.shop) == backlog; }));
    std::int64_t const us = since(begun);
    MESSAGE(fmt::format("{} events from outbox to effect in {} ms: {} events/s", backlog, us / 1000,
                        backlog * 1'000'000 / us));
}

TEST_CASE("measure: sending alone, and taking in alone" * doctest::skip())
{
    place at;
    constexpr std::int64_t backlog = 100'000;
    for (std::int64_t i = 0; i < backlog / 1'000; ++i)
        tell_many(*at.source, 1, 1'000, 1);
    std::int64_t const used_before = processor_time();
    steady_time const begun = std::chrono::steady_clock::now();
    at.sending.start();
    CHECK(eventually([&] { return at.sending.sent() == backlog && outbox_size(*at.source) == 0; }));
    std::int64_t const sending = since(begun);
    std::int64_t const used_sending = processor_time() - used_before;
    steady_time const middle = std::chrono::steady_clock::now();
    at.hearing.start();
    CHECK(eventually([&] { return count_effects(*at.shop) == backlog; }));
    std::int64_t const hearing = since(middle);
    std::int64_t const used_hearing = processor_time() - used_before - used_sending;
    MESSAGE(fmt::format(
        "outbox to log {} events/s ({} ns of processor each), log to effect {} events/s ({} ns)",
        backlog * 1'000'000 / sending, used_sending * 1'000 / backlog,
        backlog * 1'000'000 / hearing, used_hearing * 1'000 / backlog));
}

TEST_CASE("measure: from commit to effect" * doctest::skip())
{
    place at;
    at.sending.start();
    at.hearing.start();
    tell(*at.source, {id_of<parcel>{1}, 0, "Utrecht"});  // Connected, and a member of its group.
    CHECK(eventually([&] { return count_effects(*at.shop) == 1; }));
    measure_latency(at, 1, 500, microseconds(4'000), "idle");
    measure_latency(at, 4, 2'000, microseconds(500), "moderate load");
    measure_latency(at, 32, 1'500, microseconds(0), "32 writers at full speed");
}

}  // namespace mc::events_test
