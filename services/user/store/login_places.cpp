#include "services/user/store/login_places.hpp"

#include <algorithm>

#include "services/user/domain/throttle.hpp"

namespace mc::user_service::login_places
{
namespace
{

constexpr statement newest_sql{"login_places.newest", R"(
    SELECT place FROM login_places WHERE user_id = ? AND seen_at > ?
     ORDER BY seen_at DESC, place
     LIMIT ?
)"};

constexpr statement see_again_sql{"login_places.see_again", R"(
    UPDATE login_places SET seen_at = ? WHERE user_id = ? AND place = ?
)"};

constexpr statement add_sql{"login_places.add", R"(
    INSERT INTO login_places (user_id, place, seen_at) VALUES (?, ?, ?)
)"};

constexpr statement purge_sql{"login_places.purge", R"(
    DELETE FROM login_places WHERE seen_at < ?
)"};

}  // namespace

bool is_own(snapshot& in, id_of<user> of, std::string const& place, timestamp now)
{
    std::vector<std::string> const own =
        in.list<std::string>(newest_sql, of, now - own_place_kept_for, own_places_max);
    return std::ranges::find(own, place) != own.end();
}

void note(transaction& tx, id_of<user> of, std::string const& place, timestamp now)
{
    if (tx.execute(see_again_sql, now, of, place) == 0)
        (void)tx.try_insert(add_sql, of, place, now);  // Not twice: two logins at one moment.
}

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before);
}

}  // namespace mc::user_service::login_places
