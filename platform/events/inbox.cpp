#include "platform/events/inbox.hpp"

namespace mc::inbox
{

namespace
{

constexpr statement add_sql{"inbox.add", R"(
    INSERT INTO inbox (event_id, seen_at) VALUES (?, ?)
)"};

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

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before, purge_rows_max);
}

}  // namespace mc::inbox
