#include <doctest/doctest.h>

#include "platform/auth/accounts.hpp"
#include "platform/auth/tests/fixture.hpp"
#include "platform/auth/tokens.hpp"

using namespace mc;
using namespace mc::auth_testing;

// Numbers that are given again after the user service lost accounts to an older backup.
namespace
{

constexpr id_of<user> seven{7};

timestamp at_s(std::int64_t second) { return from_epoch_ms(second * 1'000); }

account told(std::string name, std::optional<std::int64_t> version, timestamp occurred)
{
    return {.user_id = seven,
            .name = std::move(name),
            .email = "someone@example.com",
            .version = version,
            .occurred_at = occurred};
}

result<number_was> create(transaction& tx, account const& what)
{
    return accounts::remember_created(tx, what);
}

result<> update(transaction& tx, account const& what)
{
    accounts::remember(tx, what);
    return result<>{};
}

result<> revoke(transaction& tx, std::int64_t epoch, timestamp at)
{
    accounts::revoke(tx, seven, epoch, "password", at);
    return result<>{};
}

result<> forget(transaction& tx, std::int64_t epoch, timestamp at)
{
    accounts::forget(tx, seven, epoch, at);
    return result<>{};
}

result<> keep_answer(transaction& tx, std::int64_t user_id, timestamp at)
{
    static constexpr statement sql{"test.keep_answer", R"(
        INSERT INTO idempotency_keys (user_id, route, key, fingerprint, status, body, created_at)
        VALUES (?, 'POST /orders/me', ?, '', 201, '', ?)
    )"};
    tx.insert(sql, user_id, std::to_string(epoch_ms(at)), at);
    return result<>{};
}

std::int64_t answers_kept(snapshot& in)
{
    static constexpr statement sql{"test.answers", "SELECT COUNT(*) FROM idempotency_keys"};
    return in.number(sql).value_or(0);
}

struct projection : service_database
{
    number_was hears_created(account const& what)
    {
        result<number_was> const heard = db->write_now(create, what);
        REQUIRE(heard);
        return *heard;
    }
    void hears(account const& what) { REQUIRE(db->write_now(update, what)); }
    void hears_revoked(std::int64_t epoch, timestamp at)
    {
        REQUIRE(db->write_now(revoke, epoch, at));
    }
    void hears_deleted(std::int64_t epoch, timestamp at)
    {
        REQUIRE(db->write_now(forget, epoch, at));
    }
    account known() { return db->read_now(accounts::find, seven).value(); }

    // An account that lived from second 100 on and is lost.
    void has_a_ghost()
    {
        CHECK(hears_created(told("Ghost", 1, at_s(100))) == number_was::its_own);
        hears(told("Old Ghost", 4, at_s(200)));
        hears_revoked(5, at_s(210));
    }
};

}  // namespace

TEST_CASE("accounts: a creation after everything known under its number is another person's")
{
    projection here;
    here.has_a_ghost();
    CHECK(here.hears_created(told("New", 1, at_s(1'000))) == number_was::anothers);
    account const known = here.known();
    CHECK(known.name == "New");
    CHECK(known.version == 1);
    CHECK(known.session_epoch == 0);
    CHECK(known.revoked_reason.empty());
    CHECK(known.created_at == at_s(1'000));
    CHECK(here.db->read_now(accounts::standing, seven)->created_at == at_s(1'000));
}

TEST_CASE("accounts: a lost account that was deleted does not keep the next one out")
{
    projection here;
    here.hears_deleted(3, at_s(300));
    CHECK(here.hears_created(told("New", 1, at_s(301))) == number_was::anothers);
    CHECK_FALSE(here.known().deleted_at);
    CHECK(here.known().name == "New");
}

TEST_CASE("accounts: what a lost account did, heard again, is no longer anybody's")
{
    projection here;
    here.has_a_ghost();
    here.hears_created(told("New", 1, at_s(1'000)));

    CHECK(here.hears_created(told("Ghost", 1, at_s(100))) == number_was::its_own);
    here.hears(told("Old Ghost", 4, at_s(200)));
    here.hears_revoked(5, at_s(210));
    here.hears_deleted(6, at_s(300));

    account const known = here.known();
    CHECK(known.name == "New");
    CHECK(known.session_epoch == 0);
    CHECK_FALSE(known.deleted_at);
    CHECK(known.created_at == at_s(1'000));
}

TEST_CASE("accounts: before its creation nothing of an account counts, but clocks may differ")
{
    projection here;
    here.hears_created(told("New", 1, at_s(1'000)));
    timestamp const earliest = at_s(1'000) - token_skew_max;

    here.hears_revoked(2, earliest - milliseconds{1});
    here.hears(told("too early", 2, earliest - milliseconds{1}));
    here.hears_deleted(2, earliest - milliseconds{1});
    CHECK(here.known().session_epoch == 0);
    CHECK(here.known().name == "New");
    CHECK_FALSE(here.known().deleted_at);

    here.hears_revoked(2, earliest);
    here.hears(told("by a slow clock", 2, earliest));
    CHECK(here.known().session_epoch == 2);
    CHECK(here.known().name == "by a slow clock");
    here.hears_deleted(3, earliest);
    CHECK(here.known().deleted_at == earliest);
}

TEST_CASE("accounts: a creation that comes late, or twice, takes nothing from its own account")
{
    projection here;
    here.hears_revoked(2, at_s(150));
    here.hears(told("later", 3, at_s(200)));
    CHECK(here.hears_created(told("first", 1, at_s(100))) == number_was::its_own);
    CHECK(here.hears_created(told("first", 1, at_s(100))) == number_was::its_own);
    account const known = here.known();
    CHECK(known.name == "later");
    CHECK(known.session_epoch == 2);
    CHECK(known.created_at == at_s(100));
    here.hears_deleted(4, at_s(300));
    CHECK(here.hears_created(told("first", 1, at_s(100))) == number_was::its_own);
    CHECK(here.known().deleted_at == at_s(300));
}

TEST_CASE("accounts: a foreign producer may tell a creation again; the earliest is the creation")
{
    projection here;
    CHECK(here.hears_created(told("Ann", std::nullopt, at_s(100))) == number_was::its_own);
    CHECK(here.hears_created(told("Ann B.", std::nullopt, at_s(105))) == number_was::its_own);
    CHECK(here.known().created_at == at_s(100));
    CHECK(here.known().name == "Ann B.");
    CHECK(here.hears_created(told("Ann", std::nullopt, at_s(99))) == number_was::its_own);
    CHECK(here.known().created_at == at_s(99));
    CHECK(here.known().name == "Ann B.");
}

TEST_CASE("accounts: answers kept for a lost account's Idempotency-Keys are not the next one's")
{
    projection here;
    here.has_a_ghost();
    for (std::int64_t const second : {150, 999, 1'000})
        REQUIRE(here.db->write_now(keep_answer, std::int64_t{7}, at_s(second)));
    REQUIRE(here.db->write_now(keep_answer, std::int64_t{8}, at_s(150)));
    here.hears_created(told("New", 1, at_s(1'000)));
    CHECK(here.db->read_now(answers_kept) == 2);
}

TEST_CASE("accounts: the highest number heard of")
{
    projection here;
    CHECK_FALSE(here.db->read_now(accounts::highest));
    here.hears_deleted(1, at_s(1));
    account another = told("Bob", 1, at_s(1));
    another.user_id = id_of<user>{5};
    here.hears(another);
    CHECK(here.db->read_now(accounts::highest) == seven);
}
