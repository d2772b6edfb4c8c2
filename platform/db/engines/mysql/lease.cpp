#include "platform/db/lease.hpp"

#include <chrono>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/core/random.hpp"
#include "platform/db/database.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

constexpr statement is_anothers_sql{"lease.is_anothers", R"(
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
// Of several that wait the last one's name stands in the row; only that somebody does is of use.
constexpr statement want_sql{"lease.want", R"(
    UPDATE leases
       SET holder = ?, held_until = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) + ?
     WHERE name = ?
)"};
constexpr statement give_back_sql{"lease.give_back", R"(
    UPDATE leases SET held_until = 0 WHERE name = ? AND holder = ?
)"};

struct taken
{
    bool is_ours = false;
    bool is_wanted = false;
};

bool is_anothers(snapshot& in, std::string const& name, std::string const& holder)
{
    return in.number(is_anothers_sql, name, holder).value_or(0) > 0;
}

result<taken> take_row(transaction& tx, std::string const& name, std::string const& wanted_name,
                       std::string const& holder, milliseconds lasts)
{
    taken now;
    now.is_wanted = is_anothers(tx, wanted_name, holder);
    now.is_ours = tx.execute(take_sql, holder, lasts.count(), name, holder) == 1 ||
                  tx.try_insert(first_sql, name, holder, lasts.count()).has_value();
    return now;
}

result<> want_row(transaction& tx, std::string const& wanted_name, std::string const& holder,
                  milliseconds lasts)
{
    if (tx.execute(want_sql, holder, lasts.count(), wanted_name) == 0)
        tx.try_insert(first_sql, wanted_name, holder, lasts.count());
    return result<>{};
}

result<> free_row(transaction& tx, std::string const& name, std::string const& holder)
{
    tx.execute(give_back_sql, name, holder);
    return result<>{};
}

}  // namespace

lease::lease(database& in, std::string_view name, milliseconds lasts)
    : in_(in),
      name_(name),
      holder_(uuid_v4()),
      lasts_(lasts),
      is_shared_(!in.state()),
      wanted_name_(name_ + ".wanted")
{}

bool lease::hold()
{
    if (!is_shared_)
        return true;
    steady_time const now = std::chrono::steady_clock::now();
    if (is_ours_ && now < renew_at_)
        return true;
    bool const was_ours = std::exchange(is_ours_, false);  // Should the server not answer.
    is_ours_ = was_ours ? keep(now) : take(now);
    if (is_ours_ != was_ours)
        log_info(is_ours_ ? "db_lease_taken" : "db_lease_lost",
                 {{"database", in_.name()}, {"lease", name_}});
    return is_ours_;
}

bool lease::still_holds() const noexcept
{
    return !is_shared_ || (is_ours_ && std::chrono::steady_clock::now() < renew_at_ + lasts_ / 3);
}

bool lease::take(steady_time now)
{
    if (!in_.read_now(is_anothers, name_, holder_))
        return keep(now);
    say_we_want_it(now);
    return false;
}

// Counted from before the question, so that we never believe longer in it than the server does.
bool lease::keep(steady_time now)
{
    result<taken> const answer = in_.write_now(take_row, name_, wanted_name_, holder_, lasts_);
    renew_at_ = now + lasts_ / 3;
    is_wanted_ = answer && answer->is_wanted;
    return answer && answer->is_ours;
}

void lease::say_we_want_it(steady_time now)
{
    if (now < say_again_at_)
        return;
    in_.write_now(want_row, wanted_name_, holder_, 3 * lasts_).value();
    say_again_at_ = now + lasts_;
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
