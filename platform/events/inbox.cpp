#include "platform/events/inbox.hpp"

#include <vector>

#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"

namespace mc::inbox
{

namespace
{

constexpr statement add_sql{"inbox.add", R"(
    INSERT INTO inbox (event_id, seen_at) VALUES (?, ?)
)"};

struct row
{
    std::string_view event_id;
    timestamp seen_at;
};
MC_DESCRIBE(row, event_id, seen_at)

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
    std::vector<row> rows;
    rows.reserve(ids.size());
    for (std::string_view const id : ids)
        rows.push_back({id, now});
    return try_insert_all<add_sql>(tx, rows);
}

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before, purge_rows_max);
}

}  // namespace mc::inbox
