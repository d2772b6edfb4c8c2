#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "bench/histogram.hpp"

using mc::bench::histogram;

namespace
{

// The definition, slow and exact: the smallest recorded value that enough others do not exceed.
std::uint64_t exact_quantile(std::vector<std::uint64_t> values, unsigned per_mille)
{
    std::ranges::sort(values);
    std::size_t const rank = (values.size() * per_mille + 999) / 1000;
    return values[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

TEST_CASE("histogram: nothing recorded is all zeros")
{
    histogram const empty;
    CHECK(empty.count() == 0);
    CHECK(empty.quantile(500) == 0);
    CHECK(empty.max() == 0);
}

TEST_CASE("histogram: quantiles of 1 to 100 µs are exact")
{
    histogram latencies;
    for (std::uint64_t micros = 100; micros >= 1; --micros)
        latencies.record(micros);

    CHECK(latencies.quantile(0) == 1);
    CHECK(latencies.quantile(500) == 50);
    CHECK(latencies.quantile(990) == 99);
    CHECK(latencies.quantile(999) == 100);
    CHECK(latencies.quantile(1000) == 100);
    CHECK(latencies.max() == 100);
}

TEST_CASE("histogram: every single value comes back at most 1/128 too large, never too small")
{
    for (unsigned bits = 0; bits < 36; ++bits)
    {
        std::uint64_t const power = std::uint64_t{1} << bits;
        for (std::uint64_t const micros : {power - 1, power, power + 1, power + power / 3})
        {
            histogram latencies;
            latencies.record(micros);
            // So that the maximum does not hide the bucket.
            latencies.record(histogram::micros_max);
            CHECK(latencies.quantile(500) >= micros);
            CHECK(latencies.quantile(500) <= micros + micros / 128);
        }
    }
}

TEST_CASE("histogram: quantiles of a long-tailed sample agree with sorting it")
{
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> micros(6.0, 1.5);
    histogram latencies;
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 20'000; ++i)
    {
        values.push_back(static_cast<std::uint64_t>(micros(random)));
        latencies.record(values.back());
    }

    for (unsigned const per_mille : {1U, 100U, 500U, 900U, 990U, 999U, 1000U})
    {
        std::uint64_t const exact = exact_quantile(values, per_mille);
        CHECK(latencies.quantile(per_mille) >= exact);
        CHECK(latencies.quantile(per_mille) <= exact + exact / 128);
    }
}

TEST_CASE("histogram: adding one to another is as if all had been recorded in one")
{
    histogram fast;
    histogram slow;
    for (std::uint64_t i = 0; i < 98; ++i)
        fast.record(10);
    slow.record(5'000);
    slow.record(70'000);
    fast.add(slow);

    CHECK(fast.count() == 100);
    CHECK(fast.quantile(980) == 10);
    CHECK(fast.quantile(990) >= 5'000);
    CHECK(fast.quantile(990) <= 5'039);
    CHECK(fast.max() == 70'000);
}

TEST_CASE("histogram: what is longer than its range is counted and keeps the maximum exact")
{
    histogram latencies;
    latencies.record(histogram::micros_max + 12'345);
    CHECK(latencies.count() == 1);
    CHECK(latencies.max() == histogram::micros_max + 12'345);
    CHECK(latencies.quantile(500) == histogram::micros_max + 12'345);
}
