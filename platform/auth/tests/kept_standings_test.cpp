#include "platform/auth/kept_standings.hpp"

#include <doctest/doctest.h>

#include "platform/auth/tests/forging.hpp"

using namespace mc;
using mc::auth_testing::now;

namespace
{

constexpr id_of<user> ann{7};
account_standing const blocked_ann{.status = account_status::blocked, .session_epoch = 3};

}  // namespace

TEST_CASE("kept_standings: an account is believed for half a second from before it was read")
{
    kept_standings kept;
    CHECK(!kept.find(ann, now));
    kept.keep(ann, blocked_ann, now);

    REQUIRE(kept.find(ann, now));
    CHECK(kept.find(ann, now)->status == account_status::blocked);
    CHECK(kept.find(ann, now)->session_epoch == 3);
    CHECK(standing_kept_max == milliseconds{500});
    CHECK(kept.find(ann, now + standing_kept_max - milliseconds{1}));
    CHECK(!kept.find(ann, now + standing_kept_max));
}

TEST_CASE("kept_standings: what was read later than now is not believed: a clock was set back")
{
    kept_standings kept;
    kept.keep(ann, blocked_ann, now);
    CHECK(!kept.find(ann, now - milliseconds{1}));
}

TEST_CASE("kept_standings: nobody gets another account's, and the newest one is kept")
{
    kept_standings kept;
    kept.keep(ann, blocked_ann, now);
    id_of<user> const bob{ann.value + static_cast<std::int64_t>(kept_standings::kept_max)};
    CHECK(!kept.find(bob, now));
    kept.keep(bob, {}, now);
    CHECK(kept.find(bob, now)->status == account_status::active);
    CHECK(!kept.find(ann, now));

    kept.keep(bob, blocked_ann, now + milliseconds{1});
    CHECK(kept.find(bob, now + milliseconds{1})->status == account_status::blocked);
}
