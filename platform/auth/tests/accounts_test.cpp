#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "platform/auth/accounts.hpp"
#include "platform/auth/tests/fixture.hpp"
#include "platform/testing/both_ways.hpp"

using namespace mc;
using namespace mc::auth_testing;

namespace
{

constexpr id_of<user> alice{7};

account told(std::string name, std::optional<std::int64_t> version, std::int64_t occurred_ms)
{
    return {.user_id = alice,
            .name = std::move(name),
            .email = "alice@example.com",
            .role = role::user,
            .version = version,
            .occurred_at = from_epoch_ms(occurred_ms)};
}

result<> remember(transaction& tx, account const& what)
{
    accounts::remember(tx, what);
    return result<>{};
}

result<> revoke(transaction& tx, std::int64_t epoch, std::string_view reason)
{
    accounts::revoke(tx, alice, epoch, reason, from_epoch_ms(2'000));
    return result<>{};
}

result<> forget(transaction& tx, std::int64_t epoch)
{
    accounts::forget(tx, alice, epoch, from_epoch_ms(9'000));
    return result<>{};
}

struct projection : service_database
{
    void hears(account const& what) { REQUIRE(db->write_now(remember, what)); }
    void hears_revoked(std::int64_t epoch, std::string_view why)
    {
        REQUIRE(db->write_now(revoke, epoch, why));
    }
    void hears_deleted(std::int64_t epoch) { REQUIRE(db->write_now(forget, epoch)); }
    std::optional<account> known() { return db->read_now(accounts::find, alice); }
    std::string name() { return known()->name; }
};

}  // namespace

TEST_CASE("accounts: what was told is found, what was not is not")
{
    projection here;
    CHECK_FALSE(here.known());
    account first = told("Alice", 1, 1'000);
    first.role = role::supplier;
    first.status = account_status::blocked;
    here.hears(first);

    std::optional<account> const found = here.known();
    REQUIRE(found);
    CHECK(found->user_id == alice);
    CHECK(found->name == "Alice");
    CHECK(found->email == "alice@example.com");
    CHECK(found->role == role::supplier);
    CHECK(found->status == account_status::blocked);
    CHECK(found->version == 1);
    CHECK(found->occurred_at == from_epoch_ms(1'000));
}

TEST_CASE("accounts: with two versions the higher counts, whatever the clocks say")
{
    projection here;
    here.hears(told("second", 2, 1'000));
    here.hears(told("first", 1, 5'000));
    CHECK(here.name() == "second");
    here.hears(told("second again", 2, 5'000));
    CHECK(here.name() == "second");
    here.hears(told("third", 3, 500));
    CHECK(here.name() == "third");
}

TEST_CASE("accounts: without a version on either side the time counts, the same time too")
{
    projection here;
    here.hears(told("foreign", std::nullopt, 2'000));
    here.hears(told("earlier", 9, 1'999));
    CHECK(here.name() == "foreign");
    here.hears(told("ours", 1, 2'000));
    CHECK(here.name() == "ours");
    here.hears(told("foreign later", std::nullopt, 3'000));
    CHECK(here.name() == "foreign later");
    CHECK(here.known()->version == 1);
    here.hears(told("ours again", 2, 2'500));
    CHECK(here.name() == "ours again");
}

TEST_CASE("accounts: the e-mail that one account gave up may be another's")
{
    projection here;
    account bob = told("Bob", 1, 1'000);
    bob.user_id = id_of<user>{8};
    here.hears(told("Alice", 1, 1'000));
    here.hears(bob);
    CHECK(here.name() == "Alice");
    CHECK(here.db->read_now(accounts::find, id_of<user>{8})->name == "Bob");
}

TEST_CASE("accounts: the session epoch only grows, with the reason it grew for")
{
    projection here;
    here.hears(told("Alice", 1, 1'000));
    here.hears_revoked(3, "password");
    here.hears_revoked(2, "logout");
    CHECK(here.known()->session_epoch == 3);
    CHECK(here.known()->revoked_reason == "password");
    here.hears(told("Alice B.", 2, 2'000));
    CHECK(here.known()->session_epoch == 3);
    CHECK(here.known()->revoked_reason == "password");
    here.hears_revoked(4, "logout");
    CHECK(here.known()->revoked_reason == "logout");
}

TEST_CASE("accounts: the end of sessions may come before the account, whose profile then arrives")
{
    projection here;
    here.hears_revoked(2, "logout");
    std::optional<account_standing> const early = here.db->read_now(accounts::standing, alice);
    REQUIRE(early);
    CHECK(early->session_epoch == 2);
    CHECK_FALSE(early->is_profile_known());

    here.hears(told("Alice", std::nullopt, 1));
    CHECK(here.name() == "Alice");
    CHECK(here.known()->session_epoch == 2);
    CHECK(here.db->read_now(accounts::standing, alice)->is_profile_known());
}

TEST_CASE("accounts: a deletion erases name and e-mail, and nothing brings them back")
{
    projection here;
    here.hears(told("Alice", 1, 1'000));
    here.hears_deleted(5);
    here.hears(told("Alice", 9, 99'000));
    here.hears_deleted(4);
    std::optional<account> const found = here.known();
    REQUIRE(found);
    CHECK(found->name.empty());
    CHECK(found->email.empty());
    CHECK(found->deleted_at == from_epoch_ms(9'000));
    CHECK(found->session_epoch == 5);
}

TEST_CASE("accounts: a deletion that comes first keeps the account deleted")
{
    projection here;
    here.hears_deleted(1);
    here.hears(told("Alice", 1, 1'000));
    CHECK(here.known()->deleted_at);
    CHECK(here.name().empty());
}

TEST_CASE("accounts: any order of the same events, each twice, ends in the same state")
{
    std::vector<int> order{0, 1, 2, 3, 4};
    do
    {
        projection here;
        for (int const round : {0, 1})
            for (int const event : order)
            {
                (void)round;
                if (event == 0)
                    here.hears(told("first", 1, 1'000));
                else if (event == 1)
                    here.hears(told("second", 3, 3'000));
                else if (event == 2)
                    here.hears_revoked(1, "logout");
                else if (event == 3)
                    here.hears_revoked(2, "password");
                else
                    here.hears(told("middle", 2, 2'000));
            }
        REQUIRE(here.name() == "second");
        REQUIRE(here.known()->session_epoch == 2);
        REQUIRE(here.known()->revoked_reason == "password");
        std::rotate(order.begin(), order.begin() + 1, order.end());
        if (order[0] == 0)
            std::ranges::reverse(order);
    }
    while (order != std::vector<int>{0, 1, 2, 3, 4} && order[0] != 4);
}

TEST_CASE("accounts: many that are looked up together are each as if looked up alone")
{
    projection accounts_of;
    std::vector<id_of<user>> ids;
    for (std::int64_t number = 1; number <= 20; ++number)
    {
        account one = told("Somebody", 1, 1'000 + number);
        one.user_id = id_of<user>(number);
        if (number % 5 != 0)
            accounts_of.hears(one);
        ids.push_back(one.user_id);
    }
    ids.push_back(id_of<user>(3));  // Asked for twice.
    auto const found = accounts_of.db->read_now(
        testing::both_ways<accounts::standing, accounts::standing_of_each, id_of<user>>, ids);
    for (std::size_t at = 0; at < ids.size(); ++at)
    {
        REQUIRE(found.together[at].has_value() == (ids[at].value % 5 != 0));
        REQUIRE(found.singly[at].has_value() == found.together[at].has_value());
        if (found.together[at])
            CHECK(found.together[at]->occurred_at == from_epoch_ms(1'000 + ids[at].value));
    }
}
