#include "services/user/store/password_failures.hpp"

#include "services/user/domain/errors.hpp"
#include "services/user/store/rows.hpp"

namespace mc::user_service::password_failures
{
namespace
{

constexpr statement find_sql{"password_failures.find", R"(
    SELECT failures, open_at, last_at FROM password_failures WHERE counter = ?
)"};

constexpr statement add_sql{"password_failures.add", R"(
    INSERT INTO password_failures (counter, failures, open_at, last_at) VALUES (?, ?, ?, ?)
)"};

// Of attempts that fail at the same moment each gets a number of its own.
constexpr statement count_sql{"password_failures.count", R"(
    UPDATE password_failures SET failures = ?, open_at = ?, last_at = ?
     WHERE counter = ? AND failures = ? AND last_at = ?
)"};

constexpr statement forget_sql{"password_failures.forget", R"(
    DELETE FROM password_failures WHERE counter = ?
)"};

constexpr statement purge_sql{"password_failures.purge", R"(
    DELETE FROM password_failures WHERE last_at < ?
)"};

}  // namespace

result<> may_try(snapshot& in, std::string const& counter, timestamp now)
{
    result<failure_count> const next =
        attempt_after(in.find<failure_count>(find_sql, counter), now);
    if (!next)
        return next.error();
    return result<>{};
}

result<std::int64_t> fail(transaction& tx, std::string counter, timestamp now)
{
    std::optional<failure_count> const before = tx.find<failure_count>(find_sql, counter);
    result<failure_count> const after = attempt_after(before, now);
    if (!after)
        return after.error();
    bool const counted =
        before ? tx.execute(count_sql, after->failures, after->open_at, after->last_at, counter,
                            before->failures, before->last_at) == 1
               : tx.try_insert(add_sql, counter, after->failures, after->open_at, after->last_at)
                     .has_value();
    if (!counted)
        return changed_meanwhile();
    return after->failures;
}

result<> succeed(transaction& tx, std::string const& counter, timestamp now)
{
    result<> const let_in = may_try(tx, counter, now);
    if (!let_in)
        return let_in;
    return forget(tx, counter);
}

result<> forget(transaction& tx, std::string const& counter)
{
    tx.execute(forget_sql, counter);
    return result<>{};
}

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before);
}

}  // namespace mc::user_service::password_failures
