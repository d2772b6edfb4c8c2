#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/db/transaction.hpp"

// Many rows with few statements: at a database server a statement is a round trip, whatever it
// does.
namespace mc
{

// How many values a statement has for `IN (?, …)` and how many branches for a CASE, which looks at
// them one after the other.
inline constexpr std::size_t many_at_once = 16;

// The same of statements that backlogs run: with four times as much a row costs a server up to 40 %
// less, also in a CASE of numbers; one of strings is worse than none, for they are compared letter
// by letter. What fills up a few is not for nothing, so a CASE has a shorter statement beside it.
inline constexpr std::size_t more_at_once = 64;

// How many rows an INSERT has at most.
inline constexpr std::size_t insert_rows_max = 64;

// Fewer are as quick one by one.
inline constexpr std::size_t many = 3;

// `?, ?, …` and `WHEN ? THEN ? …` for so many; the preprocessor joins literals.
#define MC_16_MARKS "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
#define MC_64_MARKS MC_16_MARKS ", " MC_16_MARKS ", " MC_16_MARKS ", " MC_16_MARKS
#define MC_4_BRANCHES "WHEN ? THEN ? WHEN ? THEN ? WHEN ? THEN ? WHEN ? THEN ? "
#define MC_16_BRANCHES MC_4_BRANCHES MC_4_BRANCHES MC_4_BRANCHES MC_4_BRANCHES
#define MC_64_BRANCHES MC_16_BRANCHES MC_16_BRANCHES MC_16_BRANCHES MC_16_BRANCHES

// A branch of a CASE.
template <class Id, class Value>
struct branch
{
    Id when;
    Value then;
};

template <class Id, class Value>
struct stored<branch<Id, Value>>
{
    static constexpr int columns = stored<Id>::columns + stored<Value>::columns;
    static void write(engine::cell* to, branch<Id, Value> const& of)
    {
        stored<Id>::write(to, of.when);
        stored<Value>::write(to + stored<Id>::columns, of.then);
    }
};

// Calls use(std::span<T const>) for so many at a time.
template <std::size_t AtOnce = many_at_once, class T, class Use>
void in_portions(std::vector<T> const& all, Use use)
{
    for (std::size_t at = 0; at < all.size(); at += AtOnce)
        use(std::span<T const>(all).subspan(at, std::min(AtOnce, all.size() - at)));
}

// of(each) of a portion, for the marks of a statement: the last one stands for those that are
// missing, for IN does not mind and a CASE takes the first branch that fits.
template <std::size_t AtOnce = many_at_once, class T, class Of>
auto filled(std::span<T const> some, Of of)
    -> std::array<std::remove_cvref_t<decltype(of(some[0]))>, AtOnce>
{
    std::array<std::remove_cvref_t<decltype(of(some[0]))>, AtOnce> all;
    for (std::size_t at = 0; at < AtOnce; ++at)
        all[at] = of(some[std::min(at, some.size() - 1)]);
    return all;
}

// Rows as they are, for the marks of an INSERT.
template <class T, std::size_t N>
requires(N != std::dynamic_extent)
struct stored<std::span<T const, N>>
{
    static constexpr int columns = static_cast<int>(N) * stored<T>::columns;
    static void write(engine::cell* to, std::span<T const, N> rows)
    {
        for (T const& each : rows)
        {
            stored<T>::write(to, each);
            to += stored<T>::columns;
        }
    }
};

namespace db_detail
{

// `One` is an INSERT that ends with `VALUES (…)`; this is the same for so many rows.
template <statement const& One, std::size_t Rows>
struct insert_of
{
    static constexpr std::string_view before_row = "VALUES ";
    static constexpr std::string_view between_rows = ", ";
    static constexpr std::size_t row_at = One.sql.rfind(before_row) + before_row.size();
    static_assert(One.sql.rfind(before_row) != std::string_view::npos);
    static constexpr std::string_view row = One.sql.substr(row_at, One.sql.rfind(')') + 1 - row_at);

    static constexpr auto text = []
    {
        std::array<char, row_at + Rows * row.size() + (Rows - 1) * between_rows.size()> made{};
        char* end = std::ranges::copy(One.sql.substr(0, row_at), made.begin()).out;
        for (std::size_t at = 0; at < Rows; ++at)
        {
            if (at > 0)
                end = std::ranges::copy(between_rows, end).out;
            end = std::ranges::copy(row, end).out;
        }
        return made;
    }();
    static constexpr statement sql{One.name, std::string_view(text.data(), text.size())};
};

template <statement const& One, std::size_t Rows, class Row>
bool try_insert_first(transaction& tx, std::span<Row const>& rows)
{
    for (; rows.size() >= Rows; rows = rows.subspan(Rows))
        if (!tx.try_insert(insert_of<One, Rows>::sql, rows.template first<Rows>()))
            return false;
    return true;
}

}  // namespace db_detail

// Inserts all rows, by one statement for each power of two in their number, of insert_rows_max
// at most. False: a UNIQUE or PRIMARY KEY refuses one; some of the others may be there then.
//
//     constexpr statement add_sql{"hold.add", "INSERT INTO holds (id, state) VALUES (?, 'held')"};
//     if (!try_insert_all<add_sql>(tx, std::span(rows))) …
template <statement const& One, class Row>
bool try_insert_all(transaction& tx, std::span<Row const> rows)
{
    return db_detail::try_insert_first<One, insert_rows_max>(tx, rows) &&
           db_detail::try_insert_first<One, 32>(tx, rows) &&
           db_detail::try_insert_first<One, 16>(tx, rows) &&
           db_detail::try_insert_first<One, 8>(tx, rows) &&
           db_detail::try_insert_first<One, 4>(tx, rows) &&
           db_detail::try_insert_first<One, 2>(tx, rows) &&
           db_detail::try_insert_first<One, 1>(tx, rows);
}

template <statement const& One, class Row>
bool try_insert_all(transaction& tx, std::vector<Row> const& rows)
{
    return try_insert_all<One>(tx, std::span<Row const>(rows));
}

}  // namespace mc
