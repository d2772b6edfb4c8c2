#include "platform/db/idempotency.hpp"
#include "platform/db/tests/fixture.hpp"

namespace mc::testing_db
{

using bank::account;

namespace
{

std::string encode(id_of<account> const& made) { return fmt::format(R"({{"id":{}}})", made.value); }

std::string encode_nothing() { return "{}"; }

idempotency keyed(std::optional<std::string> key, std::string_view request = "the request")
{
    return {.user_id = 7,
            .route = "POST /accounts",
            .key = std::move(key),
            .fingerprint = fingerprint_of(request)};
}

result<std::optional<answer>> look_up(snapshot& in, idempotency const& wanted)
{
    return earlier_answer(in, wanted);
}

constexpr auto open_once = once<bank::open_account, encode>;
constexpr auto refuse_once = once<bank::open_then_refuse, encode_nothing>;

result<> remember_all(transaction& tx, std::vector<idempotency> const& all,
                      std::vector<answer> const& given)
{
    std::vector<given_answer> pairs;
    for (std::size_t at = 0; at < all.size(); ++at)
        pairs.push_back({all[at], given[at]});
    if (!remember_answers(tx, pairs))
        throw batch_undone("a key");
    return result<>{};
}

}  // namespace

TEST_CASE_TEMPLATE("once: the second request with a key gets the first answer and has no effect",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    answer const first = at->write_now(open_once, keyed("k-1"), "ann", 1).value();
    answer const second = at->write_now(open_once, keyed("k-1"), "bob", 2).value();

    CHECK(first.status == 201);
    CHECK(first.body == R"({"id":1})");
    CHECK(first.is_replayed == replayed::no);
    CHECK(second.status == 201);
    CHECK(second.body == first.body);
    CHECK(second.is_replayed == replayed::yes);
    CHECK(at.count() == 1);

    result<std::optional<answer>> const known = at->read_now(look_up, keyed("k-1"));
    REQUIRE(known.value());
    CHECK((*known)->body == first.body);
    CHECK(!at->read_now(look_up, keyed("k-2")).value());
}

TEST_CASE_TEMPLATE("once: a key belongs to its user and route", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    idempotency other_user = keyed("k-1");
    other_user.user_id = 8;
    idempotency other_route = keyed("k-1");
    other_route.route = "POST /other";
    CHECK(at->write_now(open_once, keyed("k-1"), "ann", 1));
    CHECK(at->write_now(open_once, other_user, "bob", 1).value().is_replayed == replayed::no);
    CHECK(at->write_now(open_once, other_route, "cid", 1).value().is_replayed == replayed::no);
    CHECK(at.count() == 3);
}

TEST_CASE_TEMPLATE("once: the same key with another request is refused", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(open_once, keyed("k-1"), "ann", 1));
    result<answer> const reused =
        at->write_now(open_once, keyed("k-1", "another request"), "bob", 1);
    REQUIRE(!reused);
    CHECK(reused.error().kind == error_kind::key_reused);
    CHECK(reused.error().code == "idempotency.key_reused");
    CHECK(at->read_now(look_up, keyed("k-1", "another request")).error().kind ==
          error_kind::key_reused);
    CHECK(at.count() == 1);
}

TEST_CASE_TEMPLATE("once: without a key nothing is looked up and nothing is stored", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK(at->write_now(open_once, keyed(std::nullopt), "ann", 1).value().is_replayed ==
          replayed::no);
    CHECK(at->write_now(open_once, keyed(std::nullopt), "bob", 1).value().is_replayed ==
          replayed::no);
    CHECK(at.count() == 2);
    CHECK(!at->read_now(look_up, keyed(std::nullopt)).value());
}

TEST_CASE_TEMPLATE("once: a refusal stores no key, so the request may be sent again", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK(!at->write_now(refuse_once, keyed("k-1"), "ann"));
    CHECK(!at->read_now(look_up, keyed("k-1")).value());
    CHECK(at->write_now(open_once, keyed("k-1"), "ann", 1).value().is_replayed == replayed::no);
}

TEST_CASE_TEMPLATE("remember_answers: many are kept as they were given, small and large", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    for (int const bytes : {2, 16 * 1024, 16 * 1024 + 1, 200 * 1024})
    {
        CAPTURE(bytes);
        bank_on<Engine> at;
        std::vector<idempotency> all;
        std::vector<answer> given;
        for (std::size_t n = 0; n < 70; ++n)
        {
            all.push_back(keyed(n == 3 ? std::nullopt : std::optional(fmt::format("k-{}", n))));
            given.push_back({201, fmt::format("{}", n)});
        }
        given[7].body = std::string(static_cast<std::size_t>(bytes), 'x');

        REQUIRE(at->write_now(remember_all, all, given));

        for (std::size_t n = 0; n < all.size(); ++n)
        {
            CAPTURE(n);
            std::optional<answer> const known = at->read_now(look_up, all[n]).value();
            REQUIRE(known.has_value() == all[n].key.has_value());
            if (known)
                CHECK(known->body == given[n].body);
        }
        CHECK(at->read_now(look_up, keyed("k-5", "another")).error().kind ==
              error_kind::key_reused);
    }
}

TEST_CASE_TEMPLATE("remember_answers: a key that is there, comes twice or is none is told", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    std::vector<answer> const given(3, answer{201, "{}"});
    REQUIRE(at->write_now(open_once, keyed("known"), "ann", 1));
    for (std::string const& bad : {std::string("known"), std::string("k-1"), std::string(),
                                   std::string(idempotency_key_max + 1, 'k')})
    {
        CAPTURE(bad);
        std::vector<idempotency> const all{keyed("k-1"), keyed(bad), keyed("k-2")};
        CHECK_THROWS_AS((void)at->write_now(remember_all, all, given), batch_undone);
        CHECK(!at->read_now(look_up, keyed("k-1")).value());
        CHECK(!at->read_now(look_up, keyed("k-2")).value());
    }
    std::string const longest(idempotency_key_max, 'k');
    std::vector<idempotency> const good{keyed("k-1"), keyed(longest), keyed("k-2")};
    CHECK(at->write_now(remember_all, good, given));
    CHECK(at->read_now(look_up, keyed(longest)).value());
}

TEST_CASE_TEMPLATE(
    "of fifty racing requests with one key one takes effect and all get the same bytes", Engine,
    sqlite_for_tests, mysql_for_tests, many_mysql_for_tests)
{
    bank_on<Engine> at;
    boost::asio::io_context& io = at.io();
    std::vector<ended<result<answer>>> answers(50);
    for (std::size_t i = 0; i < answers.size(); ++i)
        start(io, at->write(open_once, keyed("k-1"), fmt::format("owner{}", i), std::int64_t{1}),
              answers[i]);
    at.run_started();
    int fresh = 0;
    std::string const first = answers[0].answer.value().value().body;
    CHECK(first.starts_with(R"({"id":)"));
    for (ended<result<answer>> const& one : answers)
    {
        CHECK(one.answer.value().value().body == first);
        fresh += one.answer->value().is_replayed == replayed::no ? 1 : 0;
    }
    CHECK(fresh == 1);
    CHECK(at.count() == 1);
}

namespace
{

// As if another writer had stored the key between our look and our own.
result<id_of<account>> open_while_another_does(transaction& tx, idempotency const& key)
{
    id_of<account> const made{tx.insert(bank::add_sql, "ours", 0)};
    CHECK(remember_answer(tx, key, {201, "theirs", replayed::no}));
    return made;
}

}  // namespace

TEST_CASE_TEMPLATE("once: who finds the key taken at the end has lost a race and leaves nothing",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    result<answer> const lost =
        at->write_now(once<open_while_another_does, encode>, keyed("k-1"), keyed("k-1"));
    REQUIRE(!lost);
    CHECK(lost.error().kind == error_kind::lost_race);
    CHECK(at.count() == 0);
    CHECK(!at->read_now(look_up, keyed("k-1")).value());
}

namespace
{

// What the second of two equal requests meets: the first one's effects, and its key.
result<id_of<account>> refuse_when_there_is_one(transaction& tx)
{
    id_of<account> const made{tx.insert(bank::add_sql, "second", 0)};
    if (bank::count(tx) > 1)
        return bank::refused("there is one already");
    return made;
}

result<id_of<account>> add_the_only_one(transaction& tx)
{
    return id_of<account>(tx.insert(bank::add_sql, "only", 0));
}

}  // namespace

TEST_CASE_TEMPLATE("once: what fails because the same request succeeded is answered like that one",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    std::string const first = at->write_now(once<add_the_only_one, encode>, keyed("k-1"))->body;

    answer const after_refusal =
        at->write_now(once<refuse_when_there_is_one, encode>, keyed("k-1")).value();
    CHECK(after_refusal.is_replayed == replayed::yes);
    CHECK(after_refusal.body == first);
    answer const after_violation =
        at->write_now(once<add_the_only_one, encode>, keyed("k-1")).value();
    CHECK(after_violation.is_replayed == replayed::yes);
    CHECK(after_violation.body == first);
    CHECK(at.count() == 1);

    CHECK(at->write_now(once<refuse_when_there_is_one, encode>, keyed("k-2")).error().code ==
          "bank.refused");
    CHECK_THROWS_AS(ok(at->write_now(once<add_the_only_one, encode>, keyed("k-2"))),
                    unique_violation);
    CHECK(at.count() == 1);
}

TEST_CASE_TEMPLATE("a key has 1 to 255 printable ASCII characters", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    for (std::string const& good :
         {std::string("a"), std::string(255, 'k'), std::string("8e03978e-40d5 ~!\"")})
        CHECK(at->read_now(look_up, keyed(good)).has_value());
    for (std::string const& bad :
         {std::string(), std::string(256, 'k'), std::string("a\tb"), std::string("käse"),
          std::string("a\0b", 3), std::string("\x7f")})
    {
        result<std::optional<answer>> const refused = at->read_now(look_up, keyed(bad));
        REQUIRE(!refused);
        CHECK(refused.error().code == "idempotency.key_invalid");
        CHECK(!at->write_now(open_once, keyed(bad), "ann", 1));
    }
    CHECK(at.count() == 0);
}

TEST_CASE_TEMPLATE("keys are kept 24 hours and then forgotten, so many at a time", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    for (int i = 0; i < 3; ++i)
        REQUIRE(at->write_now(open_once, keyed(fmt::format("old{}", i)), fmt::format("{}", i), 1));
    at.time().advance(milliseconds(1));
    REQUIRE(at->write_now(open_once, keyed("young"), "young", 1));

    at.time().advance(idempotency_kept_for - milliseconds(2));
    CHECK(at->write_now(forget_old_keys, at.time().now(), 10).value() == 0);
    at.time().advance(milliseconds(1));
    CHECK(at->write_now(forget_old_keys, at.time().now(), 2).value() == 2);
    CHECK(at->write_now(forget_old_keys, at.time().now(), 2).value() == 1);
    CHECK(!at->read_now(look_up, keyed("old0")).value());
    CHECK(at->read_now(look_up, keyed("young")).value());
}

}  // namespace mc::testing_db
