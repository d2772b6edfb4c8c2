#include "platform/db/imported_rows.hpp"

#include <utility>

#include "platform/core/encoding.hpp"

namespace mc::imported_rows
{

MC_DESCRIBE(mark, id, fingerprint, version)

namespace
{

constexpr std::size_t fingerprint_bytes = 16;

// Whoever asks for a range has read as many rows of the other system first.
constexpr statement between_sql{"imported_rows.between", R"(
    SELECT id, fingerprint, version
      FROM imported_rows
     WHERE kind = ? AND id BETWEEN ? AND ?
     ORDER BY id
     LIMIT 1000000
)"};

constexpr statement any_sql{"imported_rows.any", R"(
    SELECT 1 FROM imported_rows WHERE kind = ? LIMIT 1
)"};

constexpr statement change_sql{"imported_rows.change", R"(
    UPDATE imported_rows SET fingerprint = ?, version = ? WHERE kind = ? AND id = ?
)"};

constexpr statement add_sql{"imported_rows.add", R"(
    INSERT INTO imported_rows (kind, id, fingerprint, version) VALUES (?, ?, ?, ?)
)"};

}  // namespace

std::string fingerprint_of(std::string_view state)
{
    return hex(sha256(state).substr(0, fingerprint_bytes));
}

std::map<std::int64_t, mark> between(snapshot& in, std::string_view kind, std::int64_t first,
                                     std::int64_t last)
{
    std::map<std::int64_t, mark> found;
    for (mark& each : in.list<mark>(between_sql, kind, first, last))
        found.emplace_hint(found.end(), each.id, std::move(each));
    return found;
}

bool any(snapshot& in, std::string_view kind) { return in.number(any_sql, kind).has_value(); }

void note(transaction& tx, std::string_view kind, mark const& what)
{
    if (!tx.try_insert(add_sql, kind, what.id, what.fingerprint, what.version))
        tx.execute(change_sql, what.fingerprint, what.version, kind, what.id);
}

}  // namespace mc::imported_rows
