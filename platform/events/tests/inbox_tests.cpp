#include <string>
#include <vector>

#include "platform/events/tests/listening_place.hpp"

namespace mc::events_test
{

TEST_CASE("inbox: many ids are noted at once, unless one of them is known")
{
    listening_place at;
    auto const note = +[](transaction& tx, int first, int count) -> result<bool>
    {
        std::vector<std::string> ids;
        for (int number = first; number < first + count; ++number)
            ids.push_back(fmt::format("e-{}", number));
        std::vector<std::string_view> const views(ids.begin(), ids.end());
        return inbox::add_all(tx, views, tx.now_from().now());
    };
    int first = 0;
    for (int const count : {0, 1, 7, 8, 31, 32, 33, 73})
    {
        CHECK(at.shop->write_now(note, first, count).value());
        first += count;
    }
    for (int const known : {0, first / 2, first - 1})
        CHECK_FALSE(at.shop->write_now(note, known, 1).value());
    // Forty that are new, and last the first one of above.
    CHECK_FALSE(at.shop->write_now(note, -40, 41).value());
    CHECK(at.shop->write_now(note, first, 41).value());
}

TEST_CASE("inbox: ids are forgotten after their time, a limited number at once")
{
    listening_place at;
    auto const see = +[](transaction& tx, std::int64_t count) -> result<std::int64_t>
    {
        std::int64_t added = 0;
        for (std::int64_t i = 0; i < count; ++i)
            added += inbox::add(tx, fmt::format("e-{}", i), tx.now_from().now()) ? 1 : 0;
        return added;
    };
    CHECK(at.shop->write_now(see, inbox::purge_rows_max + 1).value() == inbox::purge_rows_max + 1);
    CHECK(at.shop->write_now(see, std::int64_t{5}).value() == 0);
    CHECK(at.shop->write_now(inbox::purge, noon).value() == 0);
    CHECK(at.shop->write_now(inbox::purge, noon + milliseconds(1)).value() ==
          inbox::purge_rows_max);
    CHECK(at.shop->write_now(inbox::purge, noon + milliseconds(1)).value() == 1);
    CHECK(at.shop->write_now(see, std::int64_t{5}).value() == 5);
}

}  // namespace mc::events_test
