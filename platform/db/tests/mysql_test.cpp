#include <netinet/in.h>
#include <sys/socket.h>

#include <barrier>

#include "platform/db/tests/fixture.hpp"

// What only an engine with a server and many writers can meet.
namespace mc::testing_db
{

using bank::account;

namespace
{

constexpr statement kill_all_sql{"test.others", R"(
    SELECT id FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY id
)"};

// Cuts every connection to the bank but its own, as a proxy or an operator does.
void cut_all(mysql_for_tests const& place)
{
    std::unique_ptr<engine::source> const from = place.connections({});
    std::unique_ptr<engine::connection> const on = from->connect(engine::purpose::migrate);
    for (std::int64_t const id : snapshot(*on).list<std::int64_t>(kill_all_sql))
        on->run_script(fmt::format("KILL {}", id));
}

// Two of these in opposite order wait for each other.
result<> move_money(transaction& tx, std::string_view from, std::string_view to,
                    std::barrier<>& both, std::atomic<int>& first_runs)
{
    tx.execute(bank::set_sql, 1, from);
    if (first_runs.fetch_sub(1) > 0)
        both.arrive_and_wait();
    tx.execute(bank::set_sql, 2, to);
    return {};
}

result<> cut_while_open(transaction& tx, mysql_for_tests& place, int& runs)
{
    tx.insert(bank::add_sql, fmt::format("run{}", ++runs), 1);
    if (runs == 1)
        cut_all(place);
    tx.insert(bank::add_sql, "last", 1);
    return {};
}

result<> swallow_the_cut(transaction& tx, mysql_for_tests& place, int& runs)
{
    tx.insert(bank::add_sql, "first", 1);
    if (++runs == 1)
        cut_all(place);
    try
    {
        tx.insert(bank::add_sql, "second", 1);
    }
    catch (outage const&)
    {}
    return {};
}

result<> count_runs(transaction& tx, int& runs)
{
    ++runs;
    tx.insert(bank::add_sql, "ann", 1);
    return {};
}

result<> store_note(transaction& tx, std::size_t bytes)
{
    std::int64_t const id = tx.insert(bank::add_sql, std::string(150, 'n'), 1);
    tx.insert(bank::note_sql, id, 1, blob{std::string(bytes, 'x')});
    return {};
}

constexpr statement notes_sql{"test.notes", "SELECT note FROM ledger ORDER BY id"};

std::vector<blob> notes(snapshot& in) { return in.list<blob>(notes_sql); }

struct status_row
{
    std::string name;
    std::string value;
};
MC_DESCRIBE(status_row, name, value)

constexpr statement questions_sql{"test.questions", "SHOW GLOBAL STATUS LIKE 'Questions'"};
constexpr statement prepares_sql{"test.prepares", "SHOW GLOBAL STATUS LIKE 'Com_stmt_prepare'"};

// What the server was asked so far, by everybody.
class questions
{
public:
    explicit questions(mysql_for_tests const& place)
        : from_(place.connections({})), on_(from_->connect(engine::purpose::migrate))
    {
        asked();
        std::int64_t const first = asked();
        own_ = asked() - first;
    }

    // How many round trips `does` makes in ten runs, when it is not the first time.
    template <class Does>
    std::int64_t in_ten_runs(Does does)
    {
        does();
        std::int64_t const before = asked();
        for (int run = 0; run < 10; ++run)
            does();
        return asked() - before - own_;
    }

private:
    std::int64_t asked() { return of(questions_sql) + of(prepares_sql); }
    std::int64_t of(statement const& which)
    {
        return std::stoll(snapshot(*on_).find<status_row>(which).value().value);
    }

    std::unique_ptr<engine::source> from_;
    std::unique_ptr<engine::connection> on_;
    std::int64_t own_ = 0;
};

result<> refuse_after_a_look(transaction& tx)
{
    bank::count(tx);
    return bank::refused("no");
}

result<> do_nothing(transaction&) { return {}; }

std::int64_t look_twice(snapshot& in) { return bank::count(in) + bank::ledger_entries(in); }

}  // namespace

TEST_CASE("mysql: two actions that wait for each other both take effect")
{
    bank_on<many_mysql_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    REQUIRE(at->write_now(bank::open_account, "bob", 0));
    std::barrier<> both(2);
    std::atomic<int> first_runs = 2;
    std::thread other(
        [&]
        { CHECK(at->write_now(move_money, "bob", "ann", std::ref(both), std::ref(first_runs))); });
    CHECK(at->write_now(move_money, "ann", "bob", std::ref(both), std::ref(first_runs)));
    other.join();
    CHECK(at->figures().lost_races >= 1);
    // Whoever was last: one has 1 and the other 2, and not two halves.
    CHECK(at->read_now(bank::find, "ann")->balance + at->read_now(bank::find, "bob")->balance == 3);
}

TEST_CASE("mysql: a row that stays locked is an outage in the end, and the lock's end a success")
{
    bank_on<mysql_for_tests> at({.lost_race_runs_max = 1});
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    std::unique_ptr<engine::source> const from = at.place().connections({});
    std::unique_ptr<engine::connection> const other = from->connect(engine::purpose::write);
    other->begin_write();
    transaction_owner const owner{"test", &at.time()};
    call_context const call;
    transaction holding(*other, call, owner);
    holding.execute(bank::set_sql, 7, "ann");

    result<std::int64_t> (*const set)(transaction&) = [](transaction& tx) -> result<std::int64_t>
    { return tx.execute(bank::set_sql, 8, "ann"); };
    CHECK_THROWS_AS(ok(at->write_now(set)), outage);
    CHECK(at->figures().lost_races == 1);
    other->commit();
    CHECK(at->write_now(set).value() == 1);
    CHECK(at->read_now(bank::find, "ann")->balance == 8);
}

TEST_CASE("mysql: connections that were cut while idle are made anew, and nobody notices")
{
    bank_on<mysql_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    CHECK(at.count() == 1);
    cut_all(at.place());
    CHECK(at->write_now(bank::open_account, "bob", 0));
    CHECK(at.count() == 2);
    CHECK(at->figures().lost_races == 0);
}

TEST_CASE(
    "mysql: an action whose connection is cut runs again, and leaves nothing of the first run")
{
    bank_on<mysql_for_tests> at;
    int runs = 0;
    CHECK(at->write_now(cut_while_open, std::ref(at.place()), std::ref(runs)));
    CHECK(runs == 2);
    CHECK(!at.has("run1"));
    CHECK(at.has("run2"));
    CHECK(at.has("last"));

    runs = 0;
    CHECK(at->write_now(swallow_the_cut, std::ref(at.place()), std::ref(runs)));
    CHECK(runs == 2);
    CHECK(at.has("second"));
}

namespace
{

std::int64_t cut_between_looks(snapshot& in, mysql_for_tests& place, int& runs)
{
    bank::count(in);
    if (++runs == 1)
        cut_all(place);
    return bank::count(in);
}

}  // namespace

TEST_CASE("mysql: a query whose connection is cut half-way is asked again")
{
    bank_on<mysql_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    int runs = 0;
    CHECK(at->read_now(cut_between_looks, std::ref(at.place()), std::ref(runs)) == 1);
    CHECK(runs == 2);
}

TEST_CASE("mysql: a COMMIT that gets no answer is an outage, and is not run again")
{
    bank_on<mysql_for_tests> at;
    at.wrong().hold_commit = true;
    int runs = 0;
    std::string said;
    std::thread caller(
        [&]
        {
            try
            {
                static_cast<void>(at->write_now(count_runs, std::ref(runs)));
            }
            catch (outage const& away)
            {
                said = away.what();
            }
        });
    at.wrong().in_commit.wait(false);
    cut_all(at.place());
    at.wrong().hold_commit = false;
    at.wrong().hold_commit.notify_all();
    caller.join();
    CHECK(said.find("whether it is stored is unknown") != std::string::npos);
    CHECK(runs == 1);
    CHECK(at->figures().commit_failures == 1);
    CHECK(at->write_now(bank::open_account, "bob", 0));
}

TEST_CASE("mysql: long texts and blobs come back whole, whatever came before them")
{
    bank_on<mysql_for_tests> at;
    result<> (*const add)(transaction&, std::size_t) = store_note;
    result<> (*const again)(transaction&, std::size_t) = [](transaction& tx, std::size_t bytes)
    {
        tx.insert(bank::note_sql,
                  tx.find<bank::account_row>(bank::find_sql, std::string(150, 'n'))->id, 1,
                  blob{std::string(bytes, 'x')});
        return result<>{};
    };
    REQUIRE(at->write_now(add, std::size_t{3}));
    for (std::size_t const bytes : {std::size_t{256}, std::size_t{257}, std::size_t{2'000'000},
                                    std::size_t{0}, std::size_t{300}})
        REQUIRE(at->write_now(again, bytes));
    std::vector<blob> const read = at->read_now(notes);
    std::vector<std::size_t> sizes;
    for (blob const& each : read)
    {
        sizes.push_back(each.bytes.size());
        CHECK(each.bytes == std::string(each.bytes.size(), 'x'));
    }
    CHECK(sizes == std::vector<std::size_t>{3, 256, 257, 2'000'000, 0, 300});
}

TEST_CASE("mysql: round trips are one per statement and one per COMMIT that changes something")
{
    bank_on<mysql_for_tests> at;
    questions server(at.place());
    int next = 0;
    CHECK(server.in_ten_runs(
              [&]
              { REQUIRE(at->write_now(bank::open_account, fmt::format("{}", ++next), 0)); }) == 20);
    CHECK(server.in_ten_runs([&] { CHECK(at->write_now(do_nothing)); }) == 0);
    // ROLLBACK, and COMMIT after mere looks, are sent while nobody waits: the last of them may come
    // after we have counted, and one from before it within.
    CHECK(std::abs(server.in_ten_runs([&] { CHECK(!at->write_now(refuse_after_a_look)); }) - 20) <=
          1);
    CHECK(std::abs(server.in_ten_runs([&] { at->read_now(look_twice); }) - 30) <= 1);
}

namespace
{

// What opening the bank there says.
std::string refusal_of(mysql_options const& at)
{
    fake_clock const time(from_epoch_ms(0));
    try
    {
        database::open_on(make_mysql_engine(at), {.name = "bank",
                                                  .producer = "bank-service",
                                                  .file = {},
                                                  .migrations = bank::schema,
                                                  .now = time});
    }
    catch (outage const& away)
    {
        return away.what();
    }
    return "";
}

// A port where somebody listens and never says a word.
class silent_port
{
public:
    silent_port() : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(at);
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&at), size) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        number_ = ntohs(at.sin_port);
    }
    ~silent_port() { ::close(socket_); }
    std::uint16_t number() const noexcept { return number_; }

private:
    int socket_;
    std::uint16_t number_ = 0;
};

}  // namespace

TEST_CASE("mysql: a server that is away, silent, unwilling or without the database says so at once")
{
    mysql_for_tests const place;
    mysql_options good = place.place.options();
    good.name = "bank";
    good.connect_time_max = milliseconds(1'000);
    CHECK(refusal_of(good).empty());

    mysql_options other = good;
    other.user = "nobody";
    other.password = secret("wrong");
    CHECK(refusal_of(other).find("Access denied") != std::string::npos);
    other = good;
    other.schema = "mc_test_never_made";
    CHECK(refusal_of(other).find("make it with CREATE DATABASE `mc_test_never_made`") !=
          std::string::npos);
    other = good;
    other.tls = mysql_tls::required;  // The server of the tests has no certificate.
    CHECK(refusal_of(other).find("the server does not speak TLS") != std::string::npos);
    other.tls = mysql_tls::verified;
    CHECK(!refusal_of(other).empty());
    other = good;
    other.port = 1;
    CHECK(refusal_of(other).find("database bank at 127.0.0.1:1: ") == 0);
    silent_port const silent;
    other = good;
    other.port = silent.number();
    steady_time const began = std::chrono::steady_clock::now();
    CHECK(!refusal_of(other).empty());
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

namespace
{

result<std::int64_t> count_one_up(transaction& tx)
{
    std::int64_t const seen = tx.find<bank::account_row>(bank::find_sql, "prize")->balance;
    if (tx.execute(bank::swap_sql, seen + 1, "prize", seen) != 1)
        return error{error_kind::lost_race, "bank.lost", "Somebody was faster"};
    return seen + 1;
}

result<bool> be_first(transaction& tx)
{
    return tx.try_insert(bank::add_sql, "first", 1).has_value();
}

// The bank of another place, by way of the cluster's second node.
struct second_node
{
    fake_clock time{from_epoch_ms(0)};
    std::unique_ptr<database> db;

    explicit second_node(mysql_for_tests const& first)
    {
        mysql_options at = testing::second_mysql_server().value();
        at.schema = first.place.options().schema;
        at.name = "bank";
        at.pool_size = 8;
        db = database::open_on(make_mysql_engine(at), {.name = "bank",
                                                       .producer = "bank-service",
                                                       .file = {},
                                                       .migrations = bank::schema,
                                                       .now = time,
                                                       .limits = {.lost_race_runs_max = 200}});
    }
};

}  // namespace

TEST_CASE("mysql: (two nodes) what both change at once is changed once each, and nothing is lost")
{
    bank_on<many_mysql_for_tests> at({.lost_race_runs_max = 200});
    REQUIRE(at->write_now(bank::open_account, "prize", 0));
    second_node const other(at.place());
    std::atomic<std::int64_t> won = 0;
    std::atomic<std::int64_t> first = 0;
    {
        std::vector<std::jthread> racers;
        for (int i = 0; i < 20; ++i)
            racers.emplace_back(
                [&, i]
                {
                    database& db = i % 2 == 0 ? *at : *other.db;
                    first += db.write_now(be_first).value() ? 1 : 0;
                    for (int run = 0; run < 5; ++run)
                        won += db.write_now(count_one_up).has_value() ? 1 : 0;
                });
    }
    CHECK(first == 1);
    CHECK(won > 0);
    CHECK(at->read_now(bank::find, "prize")->balance == won);
    CHECK(other.db->read_now(bank::find, "prize")->balance == won);
    MESSAGE("won " << won.load() << " of 100, lost races " << at->figures().lost_races << " and "
                   << other.db->figures().lost_races);
}

}  // namespace mc::testing_db
