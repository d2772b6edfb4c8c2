#include "platform/events/inbox.hpp"

#include <algorithm>
#include <array>

#include "platform/json/describe.hpp"

namespace mc::inbox
{

namespace
{

constexpr statement add_sql{"inbox.add", R"(
    INSERT INTO inbox (event_id, seen_at) VALUES (?, ?)
)"};

// The same for many: at a database server a statement is a round trip.
#define MC_8_ROWS "(?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?)"
#define MC_32_ROWS MC_8_ROWS ", " MC_8_ROWS ", " MC_8_ROWS ", " MC_8_ROWS
constexpr statement add_8_sql{"inbox.add_8",
                              "INSERT INTO inbox (event_id, seen_at) VALUES " MC_8_ROWS};
constexpr statement add_32_sql{"inbox.add_32",
                               "INSERT INTO inbox (event_id, seen_at) VALUES " MC_32_ROWS};
constexpr statement add_128_sql{"inbox.add_128",
                                "INSERT INTO inbox (event_id, seen_at) VALUES " MC_32_ROWS
                                ", " MC_32_ROWS ", " MC_32_ROWS ", " MC_32_ROWS};
#undef MC_8_ROWS
#undef MC_32_ROWS

struct row
{
    std::string_view event_id;
    timestamp seen_at;
};
MC_DESCRIBE(row, event_id, seen_at)

// The first Rows of them, with a statement for so many.
template <std::size_t Rows>
bool add_rows(transaction& tx, statement const& sql, std::span<std::string_view const> ids,
              timestamp now)
{
    std::array<row, Rows> rows;
    std::ranges::transform(ids.first(Rows), rows.begin(),
                           [now](std::string_view id) { return row{id, now}; });
    return tx.try_insert(sql, rows).has_value();
}

constexpr statement purge_sql{"inbox.purge", R"(
    DELETE FROM inbox WHERE event_id IN
        (SELECT event_id FROM
            (SELECT event_id FROM inbox WHERE seen_at < ? ORDER BY seen_at LIMIT ?) old_ones)
)"};

}  // namespace

bool add(transaction& tx, std::string_view event_id, timestamp now)
{
    return tx.try_insert(add_sql, event_id, now).has_value();
}

bool add_all(transaction& tx, std::span<std::string_view const> ids, timestamp now)
{
    for (; ids.size() >= 128; ids = ids.subspan(128))
        if (!add_rows<128>(tx, add_128_sql, ids, now))
            return false;
    for (; ids.size() >= 32; ids = ids.subspan(32))
        if (!add_rows<32>(tx, add_32_sql, ids, now))
            return false;
    for (; ids.size() >= 8; ids = ids.subspan(8))
        if (!add_rows<8>(tx, add_8_sql, ids, now))
            return false;
    for (std::string_view const id : ids)
        if (!add(tx, id, now))
            return false;
    return true;
}

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before, purge_rows_max);
}

}  // namespace mc::inbox
