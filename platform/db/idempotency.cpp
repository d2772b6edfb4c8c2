#include "platform/db/idempotency.hpp"

#include <algorithm>
#include <tuple>

#include "platform/core/encoding.hpp"
#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"

namespace mc
{

namespace
{

struct stored_answer
{
    std::string fingerprint;
    int status;
    std::string body;
};
MC_DESCRIBE(stored_answer, fingerprint, status, body)

constexpr statement find_sql{"idempotency.find", R"(
    SELECT fingerprint, status, body FROM idempotency_keys
     WHERE user_id = ? AND route = ? AND `key` = ?
)"};
constexpr statement add_sql{"idempotency.add", R"(
    INSERT INTO idempotency_keys (user_id, route, `key`, fingerprint, status, body, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)"};
constexpr statement old_sql{"idempotency.old", R"(
    SELECT user_id, route, `key` FROM idempotency_keys
     WHERE created_at <= ? ORDER BY created_at LIMIT ?
)"};
constexpr statement forget_sql{"idempotency.forget", R"(
    DELETE FROM idempotency_keys WHERE user_id = ? AND route = ? AND `key` = ?
)"};

struct old_key
{
    std::int64_t user_id;
    std::string route;
    std::string key;
};
MC_DESCRIBE(old_key, user_id, route, key)

// What add_sql writes; it shows the texts of a request and its answer.
struct new_answer
{
    std::int64_t user_id;
    std::string_view route;
    std::string_view key;
    std::string_view fingerprint;
    int status;
    std::string_view body;
    timestamp created_at;
};
MC_DESCRIBE(new_answer, user_id, route, key, fingerprint, status, body, created_at)

// Larger ones have a statement each, so that no statement is more than a server takes at once
// (max_allowed_packet).
constexpr std::size_t body_bytes_together_max = 1024 * 1024 / insert_rows_max;

bool is_key(std::string_view key) noexcept
{
    return !key.empty() && key.size() <= idempotency_key_max &&
           std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; });
}

error invalid_key()
{
    return {error_kind::invalid, "idempotency.key_invalid",
            "Idempotency-Key must be 1 to 255 printable ASCII characters"};
}

error key_reused()
{
    return {error_kind::key_reused, "idempotency.key_reused",
            "This Idempotency-Key was already used for a different request"};
}

}  // namespace

std::string fingerprint_of(std::string_view request) { return hex(sha256(request)); }

result<std::optional<answer>> earlier_answer(snapshot& reading, idempotency const& wanted)
{
    if (!wanted.key)
        return std::optional<answer>{};
    if (result<> const fit = db_detail::check_key(wanted); !fit)
        return fit.error();
    std::optional<stored_answer> found =
        reading.find<stored_answer>(find_sql, wanted.user_id, wanted.route, *wanted.key);
    if (!found)
        return std::optional<answer>{};
    if (found->fingerprint != wanted.fingerprint)
        return key_reused();
    return std::optional<answer>(answer{found->status, std::move(found->body), replayed::yes});
}

bool remember_answer(transaction& tx, idempotency const& wanted, answer const& given)
{
    if (!wanted.key)
        return true;
    return tx
        .try_insert(add_sql, wanted.user_id, wanted.route, *wanted.key, wanted.fingerprint,
                    given.status, given.body, tx.now_from().now())
        .has_value();
}

bool remember_answers(transaction& tx, std::vector<given_answer> const& all)
{
    timestamp const now = tx.now_from().now();
    std::vector<new_answer> rows;
    for (auto const& [wanted, given] : all)
    {
        if (!wanted.key)
            continue;
        if (!is_key(*wanted.key))
            return false;
        rows.push_back({wanted.user_id, wanted.route, *wanted.key, wanted.fingerprint, given.status,
                        given.body, now});
    }
    // In one order everywhere: whoever stores some of the same keys waits, and is not waited for.
    std::ranges::sort(rows, {}, [](new_answer const& each)
                      { return std::tie(each.user_id, each.route, each.key); });
    auto const is_small = [](new_answer const& each)
    { return each.body.size() <= body_bytes_together_max; };
    if (std::ranges::all_of(rows, is_small))
        return try_insert_all<add_sql>(tx, rows);
    return std::ranges::all_of(rows, [&](new_answer const& each)
                               { return tx.try_insert(add_sql, each).has_value(); });
}

result<std::int64_t> forget_old_keys(transaction& tx, timestamp now, std::int64_t rows_max)
{
    std::vector<old_key> const old =
        tx.list<old_key>(old_sql, now - idempotency_kept_for, rows_max);
    for (old_key const& each : old)
        tx.execute(forget_sql, each.user_id, each.route, each.key);
    return static_cast<std::int64_t>(old.size());
}

result<> db_detail::check_key(idempotency const& wanted)
{
    if (wanted.key && !is_key(*wanted.key))
        return invalid_key();
    return result<>{};
}

result<answer> db_detail::answer_of_another(snapshot& reading, idempotency const& wanted, error why)
{
    result<std::optional<answer>> earlier = earlier_answer(reading, wanted);
    if (!earlier)
        return earlier.error();
    if (*earlier)
        return std::move(**earlier);
    return why;
}

error db_detail::key_taken_meanwhile()
{
    return {error_kind::lost_race, "idempotency.in_flight",
            "A request with this Idempotency-Key is being processed"};
}

}  // namespace mc
