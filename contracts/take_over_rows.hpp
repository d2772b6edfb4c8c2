#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contracts/imports.hpp"
#include "platform/core/result.hpp"
#include "platform/db/imported_rows.hpp"
#include "platform/db/transaction.hpp"

// The loop behind the rule of contracts/imports.hpp, the same for every kind of row.
namespace mc::imports
{

// What a row became here: its version as it was written, or why it was left out.
using taken = std::expected<std::int64_t, reason>;

inline std::unexpected<reason> left_out(reason why) { return std::unexpected(why); }

// A row as it would be here (what `judge` makes of one): without a version when `skip` says why
// not, and with what was mended of it.
template <class T>
concept judged_row = requires(T judged) {
    { judged.skip } -> std::convertible_to<std::optional<reason>>;
    { judged.mended } -> std::same_as<std::vector<reason>&>;
};

// What one kind of rows does for the loop. `bring` and `bring_up_to_date` write the row and tell of
// it, and add to `mended` what they had to change; they leave the mark of the row to the loop.
template <class K, class Row>
concept kind_of_row = requires(K const& of, Row const& old, imported_rows::mark const& before,
                               std::string const& fingerprint) {
    { of.name } -> std::convertible_to<std::string_view>;
    { of.id_of(old) } -> std::same_as<std::int64_t>;
    { of.fingerprint_of(old) } -> std::same_as<std::string>;
    { of.judge(old) } -> judged_row;
    requires requires(decltype(of.judge(old)) judged) {
        { of.bring(judged) } -> std::same_as<taken>;
        { of.bring_up_to_date(judged, before, fingerprint) } -> std::same_as<taken>;
    };
};

template <class Row, kind_of_row<Row> Kind>
verdict take_over_row(transaction& tx, Kind const& of, Row const& old,
                      imported_rows::mark const* before)
{
    std::int64_t const id = of.id_of(old);
    std::string const fingerprint = of.fingerprint_of(old);
    if (before != nullptr && before->fingerprint == fingerprint)
        return {id, outcome::unchanged};
    auto judged = of.judge(old);
    if (judged.skip)
        return skipped(id, *judged.skip);
    taken const version =
        before == nullptr ? of.bring(judged) : of.bring_up_to_date(judged, *before, fingerprint);
    if (!version)
        return skipped(id, version.error());
    imported_rows::note(tx, of.name, {id, fingerprint, *version});
    return {id, before == nullptr ? outcome::brought : outcome::updated, std::move(judged.mended)};
}

// One verdict per row. The rows come in the order of their numbers.
template <class Row, kind_of_row<Row> Kind>
std::vector<verdict> take_over_rows(transaction& tx, Kind const& of, std::vector<Row> const& rows)
{
    std::vector<verdict> verdicts;
    if (rows.empty())
        return verdicts;
    verdicts.reserve(rows.size());
    std::map<std::int64_t, imported_rows::mark> const marks =
        imported_rows::between(tx, of.name, of.id_of(rows.front()), of.id_of(rows.back()));
    for (Row const& old : rows)
    {
        auto const before = marks.find(of.id_of(old));
        verdicts.push_back(
            take_over_row(tx, of, old, before == marks.end() ? nullptr : &before->second));
    }
    return verdicts;
}

}  // namespace mc::imports
