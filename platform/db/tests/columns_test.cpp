#include <limits>

#include "platform/db/tests/fixture.hpp"

// How values stand in columns, on every engine.
namespace mc::testing_db
{

namespace
{

enum class colour
{
    red,
    deep_blue
};
MC_DESCRIBE_ENUM(colour, red, deep_blue)

struct title : text<1, 20>
{
    using text::text;
};
using small_number = bounded<1, 99>;

struct everything
{
    id_of<bank::account> id;
    bool flag;
    std::int32_t small;
    std::uint32_t large;
    std::string words;
    blob raw;
    std::optional<std::string> maybe;
    colour shade;
    money price;
    std::optional<money> discount;
    timestamp at;
    currency in;
    small_number number;
    title name;
};
MC_DESCRIBE(everything, id, flag, small, large, words, raw, maybe, shade, price, discount, at, in,
            number, name)

struct nested
{
    std::string words;
    struct amount_and_time
    {
        money price;
        timestamp at;
    } inner;
};
MC_DESCRIBE(nested::amount_and_time, price, at)
MC_DESCRIBE(nested, words, inner)

constexpr migration schema[] = {{1, "everything", R"(
    CREATE TABLE everything (
        id INTEGER PRIMARY KEY, flag INTEGER NOT NULL, small INTEGER NOT NULL,
        large INTEGER NOT NULL, words TEXT NOT NULL, raw BLOB NOT NULL, maybe TEXT,
        shade TEXT NOT NULL, price INTEGER NOT NULL, price_currency TEXT NOT NULL,
        discount INTEGER, discount_currency TEXT,
        at INTEGER NOT NULL, currency TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL
    ) STRICT;
)"},
                                {1, "everything", R"(
    CREATE TABLE everything (
        id BIGINT PRIMARY KEY, flag BIGINT NOT NULL, small BIGINT NOT NULL,
        large BIGINT NOT NULL, words TEXT NOT NULL, raw BLOB NOT NULL, maybe TEXT,
        shade TEXT NOT NULL, price BIGINT NOT NULL, price_currency CHAR(3) NOT NULL,
        discount BIGINT, discount_currency CHAR(3),
        at BIGINT NOT NULL, currency CHAR(3) NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
)",
                                 sql_dialect::mysql}};

constexpr statement add_sql{
    "everything.add",
    "INSERT INTO everything VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr statement get_sql{"everything.get", "SELECT * FROM everything WHERE id = ?"};
constexpr statement nested_sql{"everything.nested",
                               "SELECT words, price, price_currency, at FROM everything"};
constexpr statement shade_sql{"everything.shade", "SELECT shade FROM everything"};
constexpr statement set_shade_sql{"everything.set_shade",
                                  "UPDATE everything SET shade = ?, small = ?, maybe = ?"};
constexpr statement small_sql{"everything.small", "SELECT small FROM everything"};
constexpr statement maybe_sql{"everything.maybe", "SELECT maybe FROM everything"};
constexpr statement both_sql{"everything.both", "SELECT ?, ?"};

everything sample()
{
    everything made;
    made.id = id_of<bank::account>{7};
    made.flag = true;
    made.small = std::numeric_limits<std::int32_t>::min();
    made.large = std::numeric_limits<std::uint32_t>::max();
    made.words = "Grüße, 世界 'quoted' ?";
    made.raw = blob{std::string("\0\xff\x01", 3)};
    made.shade = colour::deep_blue;
    made.price = money{-1999, *currency::from("JPY")};
    made.at = from_epoch_ms(1'771'156'800'123);
    made.in = *currency::from("KWD");
    made.number = *small_number::from(99);
    static_cast<text<1, 20>&>(made.name) = *title::from("A name");
    return made;
}

result<> add(transaction& tx, everything const& row)
{
    tx.insert(add_sql, row);
    return {};
}

std::optional<everything> get(snapshot& in, std::int64_t id)
{
    return in.find<everything>(get_sql, id);
}

result<> set(transaction& tx, std::string_view shade, std::int64_t small,
             std::optional<std::string> maybe)
{
    tx.execute(set_shade_sql, shade, small, maybe);
    return {};
}

template <class T>
std::optional<T> read_one(snapshot& in, statement const& what)
{
    return in.find<T>(what);
}

template <class Engine>
struct table_of_everything
{
    Engine place;
    fake_clock time{from_epoch_ms(0)};
    std::unique_ptr<database> db = database::open_on(place.connections({}), {.name = "everything",
                                                                             .producer = "",
                                                                             .file = place.file(),
                                                                             .migrations = schema,
                                                                             .now = time});
};

}  // namespace

TEST_CASE_TEMPLATE("every kind of member comes back as it was stored", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    table_of_everything<Engine> at;
    everything const stored = sample();
    REQUIRE(at.db->write_now(add, stored));

    std::optional<everything> const read = at.db->read_now(get, 7);

    REQUIRE(read);
    CHECK(read->flag);
    CHECK(read->small == stored.small);
    CHECK(read->large == stored.large);
    CHECK(read->words == stored.words);
    CHECK(read->raw == stored.raw);
    CHECK(!read->maybe);
    CHECK(read->shade == colour::deep_blue);
    CHECK(read->price == stored.price);
    CHECK(!read->discount);
    CHECK(read->at == stored.at);
    CHECK(read->in == stored.in);
    CHECK(read->number == stored.number);
    CHECK(read->name.value() == "A name");
}

TEST_CASE_TEMPLATE(
    "an enum is stored by its name, an empty text is not NULL, a struct may hold a struct", Engine,
    sqlite_for_tests, mysql_for_tests)
{
    table_of_everything<Engine> at;
    everything row = sample();
    row.words = "";
    row.raw = blob{};
    row.maybe = "";
    row.discount = money{5, *currency::from("USD")};
    REQUIRE(at.db->write_now(add, row));

    std::optional<everything> const read = at.db->read_now(get, 7);
    REQUIRE(read);
    CHECK(read->words.empty());
    CHECK(read->raw.bytes.empty());
    CHECK(read->maybe == "");
    CHECK(read->discount == row.discount);
    CHECK(at.db->read_now(read_one<std::string>, shade_sql) == "deep_blue");
    std::optional<nested> const part = at.db->read_now(read_one<nested>, nested_sql);
    REQUIRE(part);
    CHECK(part->inner.price == row.price);
    CHECK(part->inner.at == row.at);
}

TEST_CASE_TEMPLATE("a column that does not fit its member is an error, never another value", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    table_of_everything<Engine> at;
    REQUIRE(at.db->write_now(add, sample()));
    using maybe_text = std::optional<std::string>;

    REQUIRE(at.db->write_now(set, "green", 1, maybe_text{}));
    CHECK_THROWS_AS(at.db->read_now(read_one<colour>, shade_sql), std::logic_error);
    CHECK_THROWS_AS(at.db->read_now(read_one<std::string>, maybe_sql), std::logic_error);
    CHECK_THROWS_AS(at.db->read_now(read_one<std::int64_t>, shade_sql), std::logic_error);

    REQUIRE(at.db->write_now(set, "red", std::int64_t{2'147'483'648}, maybe_text{}));
    CHECK_THROWS_AS(at.db->read_now(read_one<std::int32_t>, small_sql), std::logic_error);
    CHECK_THROWS_AS(at.db->read_now(read_one<bool>, small_sql), std::logic_error);
    CHECK_THROWS_AS(at.db->read_now(read_one<small_number>, small_sql), std::logic_error);
    CHECK(at.db->read_now(read_one<std::int64_t>, small_sql) == 2'147'483'648);

    REQUIRE(at.db->write_now(set, "a name of more than twenty characters", 99, maybe_text{}));
    CHECK_THROWS_AS(at.db->read_now(read_one<title>, shade_sql), std::logic_error);
    CHECK_THROWS_AS(at.db->read_now(read_one<currency>, shade_sql), std::logic_error);
    CHECK(at.db->read_now(read_one<small_number>, small_sql)->value() == 99);
}

TEST_CASE_TEMPLATE("a statement with too few or too many values or columns is refused by name",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK_THROWS_WITH_AS(at->read_now(read_one<bank::account_row>, bank::find_sql),
                         "statement bank.find: 0 values given for 1 question marks",
                         std::logic_error);
    CHECK_THROWS_WITH_AS(at->read_now(read_one<bank::account_row>, bank::count_sql),
                         "statement bank.count: 1 columns for a row of 3", std::logic_error);
    CHECK_THROWS_AS(at->read_now(read_one<std::int64_t>, both_sql), std::logic_error);
}

namespace
{

constexpr statement two_rows_sql{"test.two_rows", "SELECT 1 UNION ALL SELECT 2"};
constexpr statement no_row_sql{"test.no_row", "SELECT 1 WHERE 1 = 0"};
constexpr statement null_sql{"test.null", "SELECT max(id) FROM accounts_of_bank"};

std::optional<std::int64_t> number(snapshot& in, statement const& what) { return in.number(what); }

std::vector<std::int64_t> list(snapshot& in, statement const& what)
{
    return in.list<std::int64_t>(what);
}

}  // namespace

TEST_CASE_TEMPLATE("find wants one row at most, list takes all, number takes the first", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK_THROWS_WITH_AS(at->read_now(read_one<std::int64_t>, two_rows_sql),
                         "statement test.two_rows: more than one row", std::logic_error);
    CHECK(!at->read_now(read_one<std::int64_t>, no_row_sql));
    CHECK(at->read_now(list, two_rows_sql) == std::vector<std::int64_t>{1, 2});
    CHECK(at->read_now(list, no_row_sql).empty());
    CHECK(at->read_now(number, two_rows_sql) == 1);
    CHECK(!at->read_now(number, no_row_sql));
    CHECK(!at->read_now(number, null_sql));
}

}  // namespace mc::testing_db
