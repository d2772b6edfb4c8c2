#include <doctest/doctest.h>

#include <vector>

#include "platform/events/relay.hpp"

namespace mc::events_test
{

TEST_CASE("relay: the more rows a look finds on a shared database, the longer until the next")
{
    relay_options const options{.shared_pause = milliseconds(4),
                                .shared_pause_longest = milliseconds(32),
                                .shared_many = 4,
                                .shared_pause_of_flood = milliseconds(128),
                                .shared_flood = 64};
    // What each look finds, and the pauses that follow.
    auto const pauses = [&](std::int64_t found)
    {
        std::vector<std::int64_t> all;
        for (milliseconds last = options.shared_pause; all.size() < 6; all.push_back(last.count()))
            last = pause_after(found, last, options);
        return all;
    };
    CHECK(pauses(3) == std::vector<std::int64_t>{4, 4, 4, 4, 4, 4});
    CHECK(pauses(4) == std::vector<std::int64_t>{8, 16, 32, 32, 32, 32});
    CHECK(pauses(63) == std::vector<std::int64_t>{8, 16, 32, 32, 32, 32});
    CHECK(pauses(64) == std::vector<std::int64_t>{8, 16, 32, 64, 128, 128});
    // It ends with the flood.
    CHECK(pause_after(63, milliseconds(128), options) == milliseconds(32));
    CHECK(pause_after(3, milliseconds(128), options) == milliseconds(4));
}

}  // namespace mc::events_test
