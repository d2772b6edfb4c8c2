#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/db/columns.hpp"
#include "platform/db/statement.hpp"

namespace mc
{

namespace db_detail
{

// One run of a statement: bound in the constructor, reset at once by the destructor so that its
// snapshot ends.
class run
{
public:
    run(engine::connection& on, statement const& what, std::span<engine::cell const> arguments);
    ~run() { on_->reset(); }
    run(run const&) = delete;
    run& operator=(run const&) = delete;

    bool next();  // A row? Throws unique_violation when the statement was refused.
    engine::step step() { return on_->next(); }
    engine::prepared& row() noexcept { return *on_; }
    void expect_columns(int wanted) const;  // std::logic_error unless the statement has so many.
    [[noreturn]] void refuse_second_row() const;

private:
    engine::prepared* on_;
};

// Room for the first rows of a list, so that a page's worth is not moved as it grows.
inline constexpr std::size_t rows_usual = 20;

template <class... Args>
inline constexpr int cells_of = (0 + ... + stored<argument_form<Args>>::columns);

template <class... Args>
std::array<engine::cell, static_cast<std::size_t>(cells_of<Args...>)> cells(Args const&... args)
{
    std::array<engine::cell, static_cast<std::size_t>(cells_of<Args...>)> made;
    engine::cell* to = made.data();
    ((stored<argument_form<Args>>::write(to, args), to += stored<argument_form<Args>>::columns),
     ...);
    return made;
}

}  // namespace db_detail

// What a query may do: read one consistent state of the database. It lives as long as the query's
// call and is passed by reference. Every function throws `outage` when the database is away or the
// read took longer than its limit, and std::logic_error when statement and arguments or row do not
// fit together.
class snapshot
{
public:
    explicit snapshot(engine::connection& on) noexcept : on_(&on) {}
    snapshot(snapshot const&) = delete;
    snapshot& operator=(snapshot const&) = delete;

    // The row, or nothing. A second row is a bug (std::logic_error): say LIMIT 1 when any will do.
    // Row is a described struct, its members by position, or one of the types columns.hpp lists.
    template <class Row, class... Args>
    std::optional<Row> find(statement const& what, Args const&... args) const
    {
        auto const bound = db_detail::cells(args...);
        db_detail::run running(*on_, what, bound);
        running.expect_columns(stored<Row>::columns);
        if (!running.next())
            return std::nullopt;
        std::optional<Row> row{stored<Row>::read(running.row(), 0)};
        if (running.next())
            running.refuse_second_row();
        return row;
    }

    // All rows, in the order of the statement. Every list has a LIMIT in its SQL.
    template <class Row, class... Args>
    std::vector<Row> list(statement const& what, Args const&... args) const
    {
        auto const bound = db_detail::cells(args...);
        db_detail::run running(*on_, what, bound);
        running.expect_columns(stored<Row>::columns);
        std::vector<Row> rows;
        while (running.next())
        {
            if (rows.empty())
                rows.reserve(db_detail::rows_usual);
            rows.push_back(stored<Row>::read(running.row(), 0));
        }
        return rows;
    }

    // First column of the first row: COUNT, MAX, EXISTS. Nothing when there is no row or it is
    // NULL.
    template <class... Args>
    std::optional<std::int64_t> number(statement const& what, Args const&... args) const
    {
        auto const bound = db_detail::cells(args...);
        return number_of(what, bound);
    }

protected:
    std::optional<std::int64_t> number_of(statement const& what,
                                          std::span<engine::cell const> arguments) const;

    engine::connection* on_;
};

}  // namespace mc
