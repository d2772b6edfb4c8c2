#include "platform/runtime/due_worker.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>

using namespace mc;

namespace
{

constexpr timestamp start = from_epoch_ms(1'767'225'600'000);
constexpr seconds patience{60};

// Waits for a fact; false when it does not come.
template <class Fact>
bool comes(Fact fact)
{
    steady_time const until = std::chrono::steady_clock::now() + patience;
    while (!fact() && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    return fact();
}

due_worker_options patient(fake_clock const& now)
{
    return {.name = "test", .now = now, .rest_min = milliseconds{1}, .rest_max = patience * 10};
}

}  // namespace

TEST_CASE("due work runs once at the start and rests when nothing is known to come")
{
    fake_clock now(start);
    std::atomic<int> runs = 0;
    due_worker worker(
        [&](timestamp) -> std::optional<timestamp>
        {
            ++runs;
            return std::nullopt;
        },
        patient(now));
    worker.start();
    CHECK(comes([&] { return runs == 1; }));
    worker.stop();
    CHECK(runs == 1);
}

TEST_CASE("due work runs again at the moment it named itself")
{
    fake_clock now(start);
    std::atomic<int> runs = 0;
    due_worker worker(
        [&](timestamp at) -> std::optional<timestamp>
        {
            CHECK(at == start);
            return ++runs < 3 ? std::optional(at + milliseconds{5}) : std::nullopt;
        },
        patient(now));
    worker.start();
    CHECK(comes([&] { return runs == 3; }));
}

TEST_CASE("a wake-up brings due work forward")
{
    fake_clock now(start);
    std::atomic<int> runs = 0;
    due_worker worker(
        [&](timestamp) -> std::optional<timestamp>
        {
            ++runs;
            return std::nullopt;
        },
        patient(now));
    worker.start();
    REQUIRE(comes([&] { return runs == 1; }));
    worker.wake();
    CHECK(comes([&] { return runs == 2; }));
}

TEST_CASE("due work that fails is tried again")
{
    fake_clock now(start);
    std::atomic<int> runs = 0;
    due_worker worker(
        [&](timestamp) -> std::optional<timestamp>
        {
            if (++runs == 1)
                throw std::runtime_error("the database is away");
            return std::nullopt;
        },
        {.name = "test", .now = now, .rest_min = milliseconds{1}, .rest_max = milliseconds{5}});
    worker.start();
    CHECK(comes([&] { return runs >= 2; }));
}
