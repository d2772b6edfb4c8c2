#include <optional>
#include <utility>

#include <fmt/format.h>

#include "platform/db/lease.hpp"
#include "platform/db/tests/fixture.hpp"

namespace mc::testing_db
{

namespace
{

constexpr milliseconds long_enough = std::chrono::minutes(5);

// Another process on the same database.
struct neighbour
{
    fake_clock time{from_epoch_ms(0)};
    std::unique_ptr<database> db;

    explicit neighbour(mysql_for_tests const& of)
        : db(database::open_on(of.connections({}), {.name = "bank",
                                                    .producer = "bank-service",
                                                    .file = {},
                                                    .migrations = bank::schema,
                                                    .now = time}))
    {}
};

}  // namespace

TEST_CASE("lease: who is alone on a database has every lease, and asks nobody")
{
    bank_on<sqlite_for_tests> at;
    lease first(*at, "relay", long_enough);
    lease second(*at, "relay", long_enough);
    CHECK(!first.is_shared());
    CHECK(first.hold());
    CHECK(second.hold());
    CHECK(at->figures().actions == 0);
}

TEST_CASE("mysql: of two processes one has the lease, until it gives it back")
{
    bank_on<mysql_for_tests> at;
    neighbour const next_door(at.place());
    lease ours(*at, "relay", long_enough);
    lease theirs(*next_door.db, "relay", long_enough);
    lease of_mails(*next_door.db, "mails", long_enough);
    CHECK(ours.is_shared());
    CHECK(ours.hold());
    CHECK(!theirs.hold());
    CHECK(of_mails.hold());  // Another name, another lease.
    std::int64_t const actions = at->figures().actions;
    CHECK(ours.hold());
    CHECK(at->figures().actions == actions);  // It lasts: nobody was asked.

    theirs.give_back();  // Not theirs to give.
    CHECK(ours.hold());
    ours.give_back();
    CHECK(theirs.hold());
    CHECK(!ours.hold());
}

TEST_CASE("mysql: who has the lease hears that another process wants it, and that it does no more")
{
    bank_on<mysql_for_tests> at;
    lease ours(*at, "relay", milliseconds(900));
    CHECK(ours.hold());
    CHECK(!ours.is_wanted_by_others());
    steady_time const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    auto const in_time = [until] { return std::chrono::steady_clock::now() < until; };
    {
        neighbour const next_door(at.place());
        lease theirs(*next_door.db, "relay", milliseconds(900));
        lease other_things(*next_door.db, "mails", milliseconds(900));
        CHECK(other_things.hold());  // Another lease: nobody wants ours for that.
        while (in_time() && !theirs.still_holds() && !ours.is_wanted_by_others())
            static_cast<void>(ours.hold() && theirs.hold());
        CHECK(ours.is_wanted_by_others());
    }
    while (in_time() && ours.is_wanted_by_others())
        static_cast<void>(ours.hold());
    CHECK(!ours.is_wanted_by_others());
    CHECK(ours.still_holds());
    ours.give_back();
    CHECK(!ours.still_holds());
}

namespace
{

constexpr milliseconds short_term{600};

// Whether the lease stays ours for two terms while the other one wants it; nothing when this
// machine stood still for so long that it may have run out.
std::optional<bool> is_renewed_in_time(lease& ours, lease& theirs)
{
    steady_time const began = std::chrono::steady_clock::now();
    for (steady_time turn = began; turn - began < 2 * short_term;)
    {
        bool const stays = ours.hold() && !theirs.hold();
        steady_time const before = std::exchange(turn, std::chrono::steady_clock::now());
        if (turn - before > short_term / 3)
            return std::nullopt;
        if (!stays)
            return false;
    }
    return true;
}

}  // namespace

TEST_CASE("mysql: a lease that nobody renews runs out, and is renewed in time by who uses it")
{
    bank_on<mysql_for_tests> at;
    neighbour const next_door(at.place());
    for (int look = 1;; ++look)
    {
        std::string const name = fmt::format("relay{}", look);
        lease ours(*at, name, short_term);
        lease theirs(*next_door.db, name, long_enough);
        std::optional<bool> const is_renewed = is_renewed_in_time(ours, theirs);
        if (!is_renewed && look < 20)
            continue;
        CHECK(is_renewed == true);
        steady_time const left = std::chrono::steady_clock::now();
        while (!theirs.hold())  // As after the death of the other process.
            REQUIRE(std::chrono::steady_clock::now() - left < std::chrono::seconds(60));
        CHECK(!ours.hold());
        break;
    }
}

}  // namespace mc::testing_db
