#include <doctest/doctest.h>

#include <algorithm>

#include "services/user/actions/log_in.hpp"
#include "services/user/store/password_failures.hpp"
#include "services/user/store/users.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

constexpr std::string_view wrong = "Wrong-Horse-1111";

result<> set_hash(transaction& tx, std::int64_t id, std::optional<std::string> hash)
{
    static constexpr statement sql{"test.set_hash",
                                   "UPDATE users SET password_hash = ? WHERE id = ?"};
    tx.execute(sql, hash, id);
    return result<>{};
}

std::string hash_of(user_fixture& shop, std::int64_t id)
{
    return shop.db().read_now(users::credentials_of, id_of<user>(id))->password_hash.value_or("");
}

std::optional<timestamp> last_login_of(user_fixture& shop, std::int64_t id)
{
    return shop.db().read_now(users::find, id_of<user>(id))->last_login_at;
}

std::vector<int> failures(user_fixture& shop, std::string_view email, int times)
{
    std::vector<int> statuses;
    for (int n = 0; n < times; ++n)
        statuses.push_back(shop.log_in(email, wrong).status);
    return statuses;
}

}  // namespace

TEST_CASE("log_in: a right password gets a token, which is all that is answered")
{
    user_fixture shop;
    person const alice = shop.sign_up("alice@example.com");
    auto const reply = shop.log_in("  ALICE@example.com ");
    CHECK(reply.status == 200);
    CHECK(reply.members() == "token");
    std::string const token = reply.member("token");
    result<token_claims> const claims =
        shop.tokens().verify(token.substr(1, token.size() - 2), shop.clock.now());
    REQUIRE(claims);
    CHECK(claims->id.value == alice.id);
    CHECK(claims->role == role::user);
    CHECK(claims->epoch == 1);
    CHECK(claims->expires - claims->issued == token_lifetime);
    CHECK(last_login_of(shop, alice.id) == shop.clock.now());
}

TEST_CASE("log_in: a bad body is refused in the contract's words")
{
    user_fixture shop;
    struct row
    {
        std::string_view body;
        std::string_view message;
    };
    for (row const& each :
         {row{"", "Email is required"}, row{"{}", "Email is required"},
          row{R"({"email":"","password":"x"})", "Email is required"},
          row{R"({"email":"  ","password":"x"})", "Email is required"},
          row{R"({"email":5,"password":"x"})", "Email is required"},
          row{R"({"email":{"$ne":""},"password":"x"})", "Email is required"},
          row{R"({"email":"","password":""})", "Email is required"},
          row{R"({"email":"a@example.com"})", "Password is required"},
          row{R"({"email":"a@example.com","password":""})", "Password is required"},
          row{R"({"email":"a@example.com","password":null})", "Password is required"},
          row{R"({"email":"a@example.com","password":12345678})", "Password is required"}})
    {
        CAPTURE(each.body);
        auto const refused = shop.nobody().post("/auth/login", std::string(each.body));
        CHECK(refused.status == 400);
        CHECK(refused.message() == each.message);
    }
}

TEST_CASE("log_in: unknown, wrong and without a password look the same")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    person const imported = shop.sign_up("imported@example.com");
    REQUIRE(shop.db().write_now(set_hash, imported.id, std::nullopt));
    auto const expected = shop.log_in("alice@example.com", wrong);
    CHECK(expected.status == 401);
    CHECK(expected.message() == "Invalid credentials");
    for (std::string_view const email :
         {"nobody@example.com", "imported@example.com", "no address"})
    {
        auto const reply = shop.log_in(email, wrong);
        CHECK(reply.status == 401);
        CHECK(reply.body == expected.body);
    }
}

TEST_CASE("log_in: every byte of a password counts")
{
    user_fixture shop;
    std::string const long_one =
        "Long-Pass-7Long-Pass-7Long-Pass-7Long-Pass-7Long-Pass-7Long-Pass-7Long-Pass";
    REQUIRE(long_one.size() > 73);
    shop.sign_up("alice@example.com", "A", long_one);
    std::string other = long_one;
    other[72] = '#';
    CHECK(shop.log_in("alice@example.com", other).status == 401);
    CHECK(shop.log_in("alice@example.com", long_one.substr(0, 72)).status == 401);
    CHECK(shop.log_in("alice@example.com", long_one).status == 200);
}

TEST_CASE("log_in: a blocked account is told so only after the right password")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const rogue = shop.sign_up("rogue@example.com");
    CHECK(shop.as(admin)
              .put(fmt::format("/users/{}", rogue.id), R"({"accountStatus":"blocked"})")
              .status == 200);
    CHECK(shop.log_in("rogue@example.com", wrong).message() == "Invalid credentials");
    auto const refused = shop.log_in("rogue@example.com");
    CHECK(refused.status == 403);
    CHECK(refused.message() == "Account is blocked");
    CHECK_FALSE(last_login_of(shop, rogue.id));
}

TEST_CASE("log_in: from the fifth failure on even the right password has to wait")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    CHECK(failures(shop, "alice@example.com", 5) == std::vector<int>(5, 401));
    auto const refused = shop.log_in("Alice@example.com ");
    CHECK(refused.status == 429);
    CHECK(refused.message() == "Too many failed attempts, please try again later");
    CHECK(refused.header("Retry-After") == "2");

    shop.clock.advance(milliseconds{1'999});
    CHECK(shop.log_in("alice@example.com").status == 429);
    shop.clock.advance(milliseconds{1});
    CHECK(shop.log_in("alice@example.com").status == 200);
    CHECK(failures(shop, "alice@example.com", 5) == std::vector<int>(5, 401));
}

TEST_CASE("log_in: each further failure doubles the wait, and refused ones count for nothing")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    failures(shop, "alice@example.com", 5);
    for (int const wait : {2, 4, 8, 16})
    {
        CHECK(failures(shop, "alice@example.com", 3) == std::vector<int>(3, 429));
        CHECK(shop.log_in("alice@example.com").header("Retry-After") == std::to_string(wait));
        shop.clock.advance(seconds{wait});
        CHECK(shop.log_in("alice@example.com", wrong).status == 401);
    }
}

TEST_CASE("log_in: four failures do nothing, and a success starts the count afresh")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    for (int round = 0; round < 3; ++round)
    {
        CHECK(failures(shop, "alice@example.com", 4) == std::vector<int>(4, 401));
        CHECK(shop.log_in("alice@example.com").status == 200);
    }
}

TEST_CASE("log_in: unknown addresses are counted alike, each for itself")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    CHECK(failures(shop, "nobody@example.com", 6) ==
          std::vector<int>{401, 401, 401, 401, 401, 429});
    CHECK(shop.log_in("alice@example.com").status == 200);
}

TEST_CASE("log_in: parallel guesses count like any")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    std::vector<int> const statuses =
        statuses_of(20, [&](int) { return shop.log_in("alice@example.com", wrong); });
    CHECK(std::ranges::count(statuses, 401) == 5);
    CHECK(std::ranges::count(statuses, 429) == 15);
}

TEST_CASE("log_in: a right guess among too many at the same moment is not told from a wrong one")
{
    user_fixture shop;
    person const alice = shop.sign_up("alice@example.com");
    std::string const counter = "c";
    std::string const place = "p";
    timestamp const now = shop.clock.now();
    // All were let in at first; five of them were wrong, and answered, before the right one.
    for (int n = 1; n <= 5; ++n)
        CHECK(shop.db().write_now(password_failures::fail, counter, now).value() == n);
    auto const wrong_one = shop.db().write_now(password_failures::fail, counter, now);
    auto const right_one =
        shop.db().write_now(actions::complete_login, id_of<user>(alice.id), counter, place, now);
    REQUIRE_FALSE(wrong_one);
    REQUIRE_FALSE(right_one);
    CHECK(wrong_one.error().kind == error_kind::throttled);
    CHECK(right_one.error().kind == error_kind::throttled);
    CHECK(right_one.error().message == wrong_one.error().message);
    CHECK_FALSE(last_login_of(shop, alice.id));
    CHECK_FALSE(shop.db().read_now(password_failures::may_try, counter, now));

    timestamp const later = now + seconds{2};
    CHECK(
        shop.db().write_now(actions::complete_login, id_of<user>(alice.id), counter, place, later));
    CHECK(shop.db().write_now(password_failures::fail, counter, later).value() == 1);
}

TEST_CASE("log_in: costs one transaction, right or wrong, and none while it has to wait")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    auto const transactions = [&](std::string_view email, std::string_view password)
    {
        std::int64_t const before = shop.db().figures().groups;
        shop.log_in(email, password);
        return shop.db().figures().groups - before;
    };
    CHECK(transactions("alice@example.com", good_password) == 1);
    CHECK(transactions("alice@example.com", wrong) == 1);
    CHECK(transactions("nobody@example.com", wrong) == 1);
    CHECK(transactions("alice@example.com", good_password) == 1);
    failures(shop, "alice@example.com", 5);
    CHECK(transactions("alice@example.com", good_password) == 0);
}

TEST_CASE("log_in: a token is never older than its account, however the clocks differ")
{
    user_fixture shop;
    person const alice = shop.sign_up("alice@example.com");
    shop.clock.advance(seconds{-20});
    std::string const token = shop.token_of("alice@example.com");
    CHECK(shop.with_token(token).get("/auth/session").status == 200);
    result<token_claims> const claims = shop.tokens().verify(token, shop.clock.now());
    REQUIRE(claims);
    CHECK(claims->issued == shop.clock.now() + seconds{20});
    CHECK(claims->id.value == alice.id);
}

TEST_CASE("log_in: a password from the old system works and is stored anew")
{
    user_fixture shop;
    person const imported = shop.sign_up("imported@example.com");
    // A published test vector of bcrypt.
    REQUIRE(
        shop.db().write_now(set_hash, imported.id,
                            std::optional<std::string>(
                                "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")));
    CHECK(shop.log_in("imported@example.com", "abcdefghijklmnopqrstuvwxyz").status == 200);
    CHECK(hash_of(shop, imported.id).starts_with("$argon2id$"));
    CHECK(shop.log_in("imported@example.com", "abcdefghijklmnopqrstuvwxyz").status == 200);
    CHECK(shop.log_in("imported@example.com", wrong).status == 401);
}

TEST_CASE("log_in: what was typed as an address is not kept as it is")
{
    user_fixture shop;
    shop.log_in("my secret password", wrong);
    static constexpr statement sql{"test.counters", "SELECT counter FROM password_failures"};
    auto const counters =
        shop.db().read_now(+[](snapshot& in) { return in.list<std::string>(sql); });
    REQUIRE(counters.size() == 1);
    CHECK(counters[0].size() == 64);
    CHECK_FALSE(counters[0].contains("secret"));
}

}  // namespace mc::user_service
