#include "platform/db/find_each.hpp"
#include "platform/db/tests/fixture.hpp"

// What look_up and look_up_batched promise on every engine, and that look-ups go together, and
// without a transaction, where a statement is a round trip.
namespace mc::testing_db
{

namespace
{

constexpr statement balance_sql{"test.balance",
                                "SELECT balance FROM accounts_of_bank WHERE owner = ?"};
constexpr statement balances_sql{
    "test.balances",
    "SELECT owner, balance FROM accounts_of_bank WHERE owner IN (" MC_16_MARKS ")"};

// Whom nobody can look up.
constexpr std::string_view cursed = "cursed";

struct told
{
    std::optional<std::int64_t> balance;
    std::size_t together = 1;  // With how many it was looked up.
    std::string as = {};       // The request whose turn it was.
};

told balance_of(snapshot& in, std::string const& owner)
{
    if (owner == cursed)
        throw std::domain_error("cursed");
    return {.balance = in.number(balance_sql, owner),
            .as = std::string(this_call().request_id.view())};
}

std::vector<told> balance_of_each(snapshot& in, batch_of<std::string> all)
{
    std::vector<told> answers;
    for (std::optional<std::int64_t> const found : find_each<std::int64_t>(in, balances_sql, all))
    {
        batch_item<std::string> const& item = all[answers.size()];
        if (item.wanted == cursed)
            throw std::domain_error("cursed");
        answers.push_back({found, all.size(), std::string(item.call.request_id.view())});
    }
    return answers;
}

std::vector<told> nobody_answers(snapshot&, batch_of<std::string>)
{
    throw outage("the bank is away");
}

std::vector<told> one_too_few(snapshot&, batch_of<std::string> all)
{
    return std::vector<told>(all.size() - 1);
}

using answers = std::vector<ended<told>>;

// Keeps the one thread for look-ups busy until it is let go.
class look_up_hold
{
public:
    explicit look_up_hold(bank_on<mysql_for_tests>& at) : at_(at)
    {
        start(at.io(), at->look_up(&look_up_hold::wait, std::ref(*this)), waited_);
        at.io().poll();
        inside_.wait(false);
    }
    ~look_up_hold()
    {
        let_go();
        at_.run_started();  // Until the thread is out of it.
    }
    look_up_hold(look_up_hold const&) = delete;
    look_up_hold& operator=(look_up_hold const&) = delete;

    void let_go()
    {
        go_on_ = true;
        go_on_.notify_all();
    }

private:
    static std::int64_t wait(snapshot& in, look_up_hold& at)
    {
        at.inside_ = true;
        at.inside_.notify_all();
        at.go_on_.wait(false);
        return bank::count(in);
    }

    bank_on<mysql_for_tests>& at_;
    std::atomic<bool> inside_ = false;
    std::atomic<bool> go_on_ = false;
    ended<std::int64_t> waited_;
};

call_context named(std::string_view name)
{
    call_context call;
    call.request_id = small_text<64>(name);
    return call;
}

// All of them wait for the thread when it begins.
template <auto Batched>
answers asked_at_once(bank_on<mysql_for_tests>& at, std::vector<std::string> const& owners)
{
    answers into(owners.size());
    look_up_hold holding(at);
    for (std::size_t i = 0; i < owners.size(); ++i)
    {
        call_scope const here(named(owners[i]));
        start(at.io(), at->look_up_batched<balance_of, Batched>(owners[i]), into[i]);
        at.io().poll();
    }
    holding.let_go();
    at.run_started();
    return into;
}

template <class Engine>
void open_accounts(bank_on<Engine>& at, int count)
{
    for (int i = 0; i < count; ++i)
        REQUIRE(at->write_now(bank::open_account, fmt::format("owner{}", i), std::int64_t{i}));
}

std::vector<std::string> owners(int count)
{
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i)
        all.push_back(fmt::format("owner{}", i));
    return all;
}

constexpr statement commits_sql{"test.commits", R"(
    SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.SESSION_STATUS
     WHERE VARIABLE_NAME = 'COM_COMMIT'
)"};
std::int64_t hold_until(snapshot& in, std::atomic<bool>& go_on)
{
    go_on.wait(false);
    return bank::count(in);
}

std::int64_t commits_so_far(snapshot& in) { return in.number(commits_sql).value(); }

}  // namespace

TEST_CASE_TEMPLATE("look_up: what is there is found, what is not is not", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    open_accounts(at, 3);
    CHECK(at.run(at->look_up(bank::find, std::string("owner2"))).answer.value()->balance == 2);
    CHECK(!at.run(at->look_up(bank::find, std::string("owner3"))).answer.value());
    auto const told_of = [&](std::string owner)
    { return at.run(at->template look_up_batched<balance_of, balance_of_each>(std::move(owner))); };
    CHECK(told_of("owner2").answer.value().balance == 2);
    CHECK(!told_of("owner3").answer.value().balance);
    CHECK(told_of("owner2").answer.value().together == 1);
    CHECK(told_of(std::string(cursed)).thrown);
}

TEST_CASE_TEMPLATE("look_up: it sees what was committed before it was asked", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    for (int i = 0; i < 20; ++i)
    {
        std::string const owner = fmt::format("owner{}", i);
        REQUIRE(at->write_now(bank::open_account, owner, std::int64_t{i}));
        CHECK(at.run(at->look_up(bank::find, owner)).answer.value().has_value());
    }
}

TEST_CASE("mysql: those who look up at the same time are answered by one look-up, each its own")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 40);
    std::vector<std::string> wanted = owners(41);  // One of them has no account …
    wanted.push_back("owner7");                    // … and one is asked for twice.
    answers const found = asked_at_once<balance_of_each>(at, wanted);
    for (std::size_t i = 0; i < 40; ++i)
    {
        CHECK(found[i].answer.value().balance == static_cast<std::int64_t>(i));
        CHECK(found[i].answer.value().together == 42);
        CHECK(found[i].answer.value().as == wanted[i]);
    }
    CHECK(!found[40].answer.value().balance);
    CHECK(found[41].answer.value().balance == 7);
    CHECK(at->figures().batched_look_ups == 42);
}

TEST_CASE("mysql: no more look-ups go together than the limit says, and one alone goes alone")
{
    bank_on<mysql_for_tests> at({.batch_actions_max = 8});
    open_accounts(at, 17);
    answers const found = asked_at_once<balance_of_each>(at, owners(17));
    for (std::size_t i = 0; i < 16; ++i)
        CHECK(found[i].answer.value().together == 8);
    CHECK(found[16].answer.value().together == 1);
    CHECK(found[16].answer.value().balance == 16);
    CHECK(at->figures().batched_look_ups == 16);
}

TEST_CASE("mysql: when one of them cannot be looked up, the others are")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 4);
    std::vector<std::string> wanted = owners(4);
    wanted.insert(wanted.begin() + 2, std::string(cursed));
    answers const found = asked_at_once<balance_of_each>(at, wanted);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (wanted[i] == cursed)
            CHECK_THROWS_AS(std::rethrow_exception(found[i].thrown), std::domain_error);
        else
            CHECK(found[i].answer.value().together == 1);
    CHECK(at->figures().batched_look_ups == 0);
}

TEST_CASE("mysql: a look-up of many that leaves one without an answer is asked for each alone")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 4);
    for (ended<told> const& each : asked_at_once<one_too_few>(at, owners(4)))
        CHECK(each.answer.value().together == 1);
}

TEST_CASE("mysql: an outage is everybody's, and is not tried again by each")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 4);
    for (ended<told> const& each : asked_at_once<nobody_answers>(at, owners(4)))
        CHECK(each.is_outage());
}

TEST_CASE("mysql: a look-up that is late when its turn comes is refused, the others are answered")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 3);
    answers found(3);
    {
        look_up_hold const holding(at);
        for (std::size_t i = 0; i < found.size(); ++i)
        {
            call_context as = named("somebody");
            if (i == 1)
                as.deadline = std::chrono::steady_clock::now() - milliseconds(1);
            call_scope const here(as);
            start(at.io(),
                  at->look_up_batched<balance_of, balance_of_each>(fmt::format("owner{}", i)),
                  found[i]);
            at.io().poll();
        }
    }
    at.run_started();
    CHECK(found[0].answer.value().together == 2);
    CHECK(found[1].is_outage());
    CHECK(found[2].answer.value().balance == 2);
    CHECK(at->figures().refused == 1);
}

TEST_CASE("mysql: a look-up waits for no long read")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 1);
    std::atomic<bool> go_on = false;
    ended<std::int64_t> counted;
    ended<std::optional<bank::account_row>> found;
    start(at.io(), at->read_long(&hold_until, std::ref(go_on)), counted);
    start(at.io(), at->look_up(bank::find, std::string("owner0")), found);
    while (!found.answer)
        at.io().run_one();
    CHECK(!counted.answer);
    go_on = true;
    go_on.notify_all();
    at.run_started();
    CHECK(counted.answer == 1);
}

TEST_CASE("mysql: a look-up is no transaction that has to be ended, a read is one")
{
    bank_on<mysql_for_tests> at;
    for (int i = 0; i < 3; ++i)
        CHECK(at.run(at->look_up(commits_so_far)).answer == 0);
    std::int64_t const before = at.run(at->read(commits_so_far)).answer.value();
    CHECK(at.run(at->read(commits_so_far)).answer == before + 1);
}

TEST_CASE("mysql: close answers those who wait to look something up")
{
    bank_on<mysql_for_tests> at;
    open_accounts(at, 2);
    answers found(5);
    {
        look_up_hold holding(at);
        for (ended<told>& each : found)
            start(at.io(), at->look_up_batched<balance_of, balance_of_each>(std::string("owner1")),
                  each);
        at.io().poll();
        std::thread closing([&] { at->close(); });
        holding.let_go();
        closing.join();
    }
    at.run_started();
    for (ended<told> const& each : found)
        CHECK(each.answer.value().balance == 1);
    CHECK(at.run(at->look_up_batched<balance_of, balance_of_each>(std::string("owner1")))
              .is_outage());
}

}  // namespace mc::testing_db
