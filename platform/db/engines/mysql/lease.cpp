#include "platform/db/lease.hpp"

#include <chrono>

#include "platform/core/error.hpp"
#include "platform/core/random.hpp"
#include "platform/db/database.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

constexpr statement free_sql{"lease.free", R"(
    SELECT COUNT(*) FROM leases
     WHERE name = ? AND holder <> ?
       AND held_until >= CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)
)"};
constexpr statement take_sql{"lease.take", R"(
    UPDATE leases
       SET holder = ?, held_until = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) + ?
     WHERE name = ?
       AND (holder = ? OR held_until < CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED))
)"};
constexpr statement first_sql{"lease.first", R"(
    INSERT INTO leases (name, holder, held_until)
    VALUES (?, ?, CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) + ?)
)"};
constexpr statement give_back_sql{"lease.give_back", R"(
    UPDATE leases SET held_until = 0 WHERE name = ? AND holder = ?
)"};

bool is_anothers(snapshot& in, std::string const& name, std::string const& holder)
{
    return in.number(free_sql, name, holder).value_or(0) > 0;
}

result<bool> take_row(transaction& tx, std::string const& name, std::string const& holder,
                      milliseconds lasts)
{
    if (tx.execute(take_sql, holder, lasts.count(), name, holder) == 1)
        return true;
    return tx.try_insert(first_sql, name, holder, lasts.count()).has_value();
}

result<> free_row(transaction& tx, std::string const& name, std::string const& holder)
{
    tx.execute(give_back_sql, name, holder);
    return result<>{};
}

}  // namespace

lease::lease(database& in, std::string_view name, milliseconds lasts)
    : in_(in), name_(name), holder_(uuid_v4()), lasts_(lasts), is_shared_(!in.state())
{}

bool lease::hold()
{
    if (!is_shared_)
        return true;
    steady_time const now = std::chrono::steady_clock::now();
    if (is_ours_ && now < renew_at_)
        return true;
    bool const was_ours = std::exchange(is_ours_, false);  // Should the server not answer.
    is_ours_ = take(now);
    if (is_ours_ != was_ours)
        log_info(is_ours_ ? "db_lease_taken" : "db_lease_lost",
                 {{"database", in_.name()}, {"lease", name_}});
    return is_ours_;
}

// Counted from before the question, so that we never believe longer in it than the server does.
bool lease::take(steady_time now)
{
    if (in_.read_now(is_anothers, name_, holder_))
        return false;
    result<bool> const taken = in_.write_now(take_row, name_, holder_, lasts_);
    renew_at_ = now + lasts_ / 3;
    return taken && *taken;
}

void lease::give_back() noexcept
{
    if (!is_shared_ || !is_ours_)
        return;
    is_ours_ = false;
    try
    {
        static_cast<void>(in_.write_now(free_row, name_, holder_));
    }
    catch (std::exception const& away)
    {
        log_warning("db_lease_kept", {{"database", in_.name()}, {"why", away.what()}});
    }
}

}  // namespace mc
