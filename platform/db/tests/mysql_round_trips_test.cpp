#include <cstdlib>

#include "platform/db/tests/fixture.hpp"

// What each thing costs in round trips to the server.
namespace mc::testing_db
{

namespace
{

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

}  // namespace mc::testing_db
