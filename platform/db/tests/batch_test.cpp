#include <barrier>

#include "platform/db/many.hpp"
#include "platform/db/tests/fixture.hpp"

// What write_batched promises on every engine, and that it batches where a statement is a round
// trip.
namespace mc::testing_db
{

namespace
{

struct opening
{
    std::string owner;
    std::int64_t balance = 0;
};
MC_DESCRIBE(opening, owner, balance)

// Who opens an account with a debt is refused, and so is who has one.
result<std::string> open_one(transaction& tx, opening const& wanted)
{
    if (wanted.balance < 0)
        return bank::refused("no debts");
    if (!tx.try_insert(bank::add_sql, wanted.owner, wanted.balance))
        return bank::refused("has one");
    tx.note_outbox();
    return "alone " + wanted.owner;
}

std::vector<std::optional<std::string>> open_many(transaction& tx, batch_of<opening> all)
{
    std::vector<opening> rows;
    std::vector<std::optional<std::string>> answers;
    for (batch_item<opening> const& each : all)
    {
        answers.emplace_back();
        if (each.wanted.balance < 0)
            continue;
        rows.push_back(each.wanted);
        answers.back() = fmt::format("{} of {}", each.wanted.owner, each.call.request_id.view());
    }
    if (!try_insert_all<bank::add_sql>(tx, rows))
        throw batch_undone("somebody has one");
    tx.note_outbox();
    return answers;
}

awaitable<result<std::string>> open_by_coroutine(database& db, opening wanted)
{
    result<std::string> const said =
        co_await db.write_batched<open_one, open_many>(std::move(wanted));
    co_return said;
}

using outcomes = std::vector<ended<result<std::string>>>;

// All of them wait for the writer when it begins.
template <class Engine>
outcomes open_at_once(bank_on<Engine>& at, std::vector<opening> const& wanted)
{
    outcomes into(wanted.size());
    {
        writer_hold const holding(*at);
        for (std::size_t i = 0; i < wanted.size(); ++i)
        {
            call_context as;
            as.request_id = small_text<64>(wanted[i].owner);
            call_scope const here(as);
            start(at.io(), open_by_coroutine(*at, wanted[i]), into[i]);
            at.io().poll();
        }
    }
    at.run_started();
    return into;
}

std::vector<opening> openings(int count)
{
    std::vector<opening> all;
    for (int i = 0; i < count; ++i)
        all.push_back({fmt::format("owner{}", i), i});
    return all;
}

std::string said(ended<result<std::string>> const& of)
{
    if (of.thrown)
        return "thrown";
    return *of.answer ? **of.answer : of.answer->error().message;
}

// How many batches are at work at once.
struct meeting
{
    std::atomic<int> inside = 0;
    std::atomic<int> most_inside = 0;
};

struct visit
{
    meeting* at;
};

result<int> visit_one(transaction& tx, visit const&)
{
    bank::count(tx);
    return 1;
}

std::vector<std::optional<int>> visit_many(transaction& tx, batch_of<visit> all)
{
    meeting& here = *all.front().wanted.at;
    int const inside = ++here.inside;
    int most = here.most_inside;
    while (most < inside && !here.most_inside.compare_exchange_weak(most, inside))
    {}
    for (int look = 0; look < 10; ++look)  // Long enough for another one to begin meanwhile.
        bank::count(tx);
    --here.inside;
    return std::vector<std::optional<int>>(all.size(), 2);
}

struct company
{
    std::barrier<>* of;
};

// Goes on when all of them are here, which they can be only on a thread each.
result<int> wait_for_others(transaction&, company const& wanted)
{
    wanted.of->arrive_and_wait();
    return 1;
}

std::vector<std::optional<int>> leave_all(transaction&, batch_of<company> all)
{
    return std::vector<std::optional<int>>(all.size());
}

struct counting
{
    engine::connection* other;
};

constexpr statement others_sql{"test.other_connections", R"(
    SELECT id FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY id
)"};

result<int> count_one(transaction& tx, counting const&)
{
    tx.insert(bank::add_sql, fmt::format("alone{}", bank::count(tx)), 1);
    return 1;
}

std::vector<std::optional<int>> cut_then_count(transaction& tx, batch_of<counting> all)
{
    tx.insert(bank::add_sql, "together", 1);
    engine::connection& other = *all.front().wanted.other;
    for (std::int64_t const id : snapshot(other).list<std::int64_t>(others_sql))
        other.run_script(fmt::format("KILL {}", id));
    tx.insert(bank::add_sql, "too late", 1);
    return std::vector<std::optional<int>>(all.size(), 2);
}

}  // namespace

TEST_CASE("mysql: those that wait at the same time are done in one transaction")
{
    bank_on<mysql_for_tests> at;
    int woken = 0;
    at->on_commit([&] { ++woken; });
    database_figures const before = at->figures();
    outcomes const done = open_at_once(at, openings(16));
    for (std::size_t i = 0; i < done.size(); ++i)
        CHECK(said(done[i]) == fmt::format("owner{0} of owner{0}", i));
    CHECK(at.count() == 16);
    CHECK(at->figures().batched == 16);
    CHECK(at->figures().groups - before.groups == 2);  // That of the one who held the writer, too.
    CHECK(woken == 1);
}

TEST_CASE("mysql: a batch is a power of two, and no larger than its limit")
{
    bank_on<mysql_for_tests> at({.batch_actions_max = 8});
    outcomes const done = open_at_once(at, openings(8 + 8 + 4 + 2 + 1));
    for (ended<result<std::string>> const& each : done)
        CHECK(each.answer.value().has_value());
    CHECK(at.count() == 23);
    CHECK(at->figures().batched == 22);
    CHECK(said(done.back()) == "alone owner22");
    CHECK(at->figures().groups == 1 + 5);
}

TEST_CASE("mysql: one action alone is done alone, also where batches are possible")
{
    bank_on<mysql_for_tests> at;
    CHECK(said(open_at_once(at, openings(1)).front()) == "alone owner0");
    CHECK(at->figures().batched == 0);
}

TEST_CASE_TEMPLATE("write_batched: whom the batch does not serve gets its own refusal", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    std::vector<opening> wanted = openings(8);
    wanted[3].balance = -1;
    outcomes const done = open_at_once(at, wanted);
    CHECK(said(done[3]) == "no debts");
    CHECK(said(done[4]).contains("owner4"));
    CHECK(at.count() == 7);
    CHECK(!at.has("owner3"));
    CHECK(at->figures().batched == (Engine::has_groups ? 0 : 7));
}

TEST_CASE_TEMPLATE("write_batched: when the batch throws each is done alone", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(bank::open_account, "owner5", 77));
    outcomes const done = open_at_once(at, openings(8));
    for (std::size_t i = 0; i < done.size(); ++i)
        CHECK(said(done[i]) == (i == 5 ? "has one" : fmt::format("alone owner{}", i)));
    CHECK(at.count() == 8);
    CHECK(at->read_now(bank::find, "owner5")->balance == 77);
    CHECK(at->figures().batched == 0);
}

TEST_CASE("mysql: a batch whose COMMIT had no answer is an outage for all and is not done again")
{
    bank_on<mysql_for_tests> at;
    outcomes done(4);
    writer_hold holding(*at);
    for (std::size_t i = 0; i < done.size(); ++i)
        start(at.io(), open_by_coroutine(*at, {fmt::format("owner{}", i), 1}), done[i]);
    at.io().poll();
    at.wrong().failing_commits = 2;  // That of the one who holds the writer, too …
    CHECK_THROWS_AS(holding.let_go(), outage);
    at.run_started();
    for (ended<result<std::string>> const& each : done)
        CHECK(each.is_outage());
    CHECK(at.count() == 0);  // … and here nothing was stored: it was not done a second time.
}

TEST_CASE("mysql: a batch whose connection is cut is done by each alone")
{
    bank_on<mysql_for_tests> at;
    std::unique_ptr<engine::source> const from = at.place().connections({});
    std::unique_ptr<engine::connection> const cutting = from->connect(engine::purpose::migrate);
    std::vector<ended<result<int>>> done(4);
    {
        writer_hold const holding(*at);
        for (ended<result<int>>& each : done)
            start(at.io(), at->write_batched<count_one, cut_then_count>(counting{cutting.get()}),
                  each);
        at.io().poll();
    }
    at.run_started();
    for (ended<result<int>> const& each : done)
        CHECK(each.answer.value().value() == 1);
    CHECK(at.count() == 4);
}

TEST_CASE("mysql: an action that is late when its batch begins is refused, the others are done")
{
    bank_on<mysql_for_tests> at;
    outcomes done(3);
    {
        writer_hold const holding(*at);
        for (std::size_t i = 0; i < done.size(); ++i)
        {
            call_context as;
            if (i == 1)
                as.deadline = std::chrono::steady_clock::now() - milliseconds(1);
            call_scope const here(as);
            start(at.io(), open_by_coroutine(*at, {fmt::format("owner{}", i), 1}), done[i]);
            at.io().poll();
        }
    }
    at.run_started();
    CHECK(done[0].answer.value().has_value());
    CHECK(done[1].is_outage());
    CHECK(done[2].answer.value().has_value());
    CHECK(at.count() == 2);
}

TEST_CASE("mysql: no more batches of a kind run at once than the limit says")
{
    for (int const most : {1, 3})
    {
        CAPTURE(most);
        bank_on<many_mysql_for_tests> at({.batch_actions_max = 4, .batches_max = most});
        meeting here;
        std::vector<ended<result<int>>> done(200);
        for (ended<result<int>>& each : done)
            start(at.io(), at->write_batched<visit_one, visit_many>(visit{&here}), each);
        at.run_started();
        for (ended<result<int>> const& each : done)
            CHECK(each.answer.value().has_value());
        CHECK(here.most_inside <= most);
        CHECK(here.most_inside >= 1);
        CHECK(at->figures().batched > 100);
    }
}

TEST_CASE(
    "mysql: those that a batch leaves are done beside each other, and the next batch beside them")
{
    bank_on<many_mysql_for_tests> at({.batches_max = 1});
    std::barrier<> together(4);
    std::vector<ended<result<int>>> done(4);
    for (ended<result<int>>& each : done)
        start(at.io(), at->write_batched<wait_for_others, leave_all>(company{&together}), each);
    at.run_started();
    for (ended<result<int>> const& each : done)
        CHECK(each.answer.value().value() == 1);
}

TEST_CASE("mysql: other actions do not wait until the batches of a kind are through")
{
    bank_on<many_mysql_for_tests> at({.batch_actions_max = 2, .batches_max = 1});
    meeting here;
    std::vector<ended<result<int>>> done(100);
    for (ended<result<int>>& each : done)
        start(at.io(), at->write_batched<visit_one, visit_many>(visit{&here}), each);
    at.io().poll();
    REQUIRE(at->write_now(bank::open_account, "ann", 1));
    CHECK(at->figures().write_queue > 0);
    at.run_started();
}

}  // namespace mc::testing_db
