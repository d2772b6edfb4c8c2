#include <doctest/doctest.h>

#include <chrono>

#include <fmt/core.h>

#include "platform/json/tests/samples.hpp"

using namespace mc;
using namespace mc::json_samples;

namespace
{

constexpr int rounds = 20'000;

// Nanoseconds of one call, the best of five runs: what else the machine does only ever adds.
template <class Work>
double nanoseconds_each(Work work)
{
    double best = 1e9;
    for (int run = 0; run < 5; ++run)
    {
        std::chrono::steady_clock::time_point const start = std::chrono::steady_clock::now();
        for (int i = 0; i < rounds; ++i)
            work();
        std::chrono::duration<double, std::nano> const took =
            std::chrono::steady_clock::now() - start;
        best = std::min(best, took.count() / rounds);
    }
    return best;
}

}  // namespace

// No gate: the figures depend on the build and on the machine. With -O2 on the machine of 2026-11:
// see README.md.
TEST_CASE("measure: reading and writing small bodies")
{
    std::string_view const small = R"({"productId":7,"quantity":3})";
    std::string_view const medium =
        R"({"id":12,"images":[{"url":"https://pictures.example/mug.png","isPrimary":1},)"
        R"({"url":"https://pictures.example/mug-back.png","isPrimary":0}]})";
    line_request const line = *json::parse<line_request>(small);
    album const pictures = *json::parse<album>(medium);
    std::string out;

    std::size_t good = 0;
    double const read_small =
        nanoseconds_each([&] { good += json::parse<line_request>(small).has_value(); });
    double const read_medium =
        nanoseconds_each([&] { good += json::parse<album>(medium).has_value(); });
    double const write_small = nanoseconds_each(
        [&]
        {
            out.clear();
            json::write(out, line);
        });
    double const write_medium = nanoseconds_each(
        [&]
        {
            out.clear();
            json::write(out, pictures);
        });

    CHECK(good == std::size_t{rounds} * 10);
    CHECK(out == medium);
    fmt::print("json: read {} B {:.0f} ns, {} B {:.0f} ns; write {:.0f} ns, {:.0f} ns\n",
               small.size(), read_small, medium.size(), read_medium, write_small, write_medium);
}
