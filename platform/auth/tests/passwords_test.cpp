#include <atomic>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include "platform/auth/passwords.hpp"
#include "platform/auth/tests/fixture.hpp"
#include "platform/core/error.hpp"
#include "platform/observe/call.hpp"

using namespace mc;
using namespace mc::auth_testing;

namespace
{

constexpr password_cost least_cost{8 * 1024, 1};
// A fifth of a second: others queue behind it.
constexpr password_cost long_cost{64 * 1024 * 1024, 3};
constexpr password_pool_options quick{.threads = 1, .cost = least_cost};

bool matches(password_pool const& pool, std::string_view password, std::string const& stored)
{
    return pool.verify_now(password, stored).matches;
}

struct outcome
{
    std::string what;
    std::string request_id;
    std::thread::id thread;
};

awaitable<> hash_as(password_pool& pool, std::string request_id, std::vector<outcome>& into)
{
    co_await become(request_id);
    std::string what;
    try
    {
        result<std::string> const made = co_await pool.hash("xq7#kLm2");
        what = made ? "hashed" : made.error().message;
    }
    catch (outage const&)
    {
        what = "outage";
    }
    into.push_back({what, std::string(this_call().request_id.view()), std::this_thread::get_id()});
}

// Runs what can run until the pool's thread has begun the first job.
void start(boost::asio::io_context& io, password_pool const& pool)
{
    while (io.poll() > 0 || pool.waiting() > 0)
        std::this_thread::yield();
}

}  // namespace

TEST_CASE("password_pool: the stored form is Argon2id with 19 MiB and two passes, salted")
{
    password_pool const pool({.threads = 1});
    std::string const stored = pool.hash_now("xq7#kLm2");
    CHECK(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(stored != pool.hash_now("xq7#kLm2"));
    password_check const right = pool.verify_now("xq7#kLm2", stored);
    CHECK(right.matches);
    CHECK_FALSE(right.needs_rehash);
    CHECK_FALSE(matches(pool, "xq7#kLm3", stored));
    CHECK_FALSE(matches(pool, "", stored));
}

TEST_CASE("password_pool: every byte counts, the 73rd and the 512th, and NUL as well")
{
    password_pool const pool(quick);
    for (std::size_t const at : {72U, 127U, 511U})
    {
        std::string first(512, 'x');
        std::string second = first;
        second[at] = 'y';
        CHECK_FALSE(matches(pool, second, pool.hash_now(first)));
        CHECK(matches(pool, first, pool.hash_now(first)));
    }
    std::string const with_nul("abcd\0efgh", 9);
    CHECK_FALSE(matches(pool, std::string("abcd\0efgi", 9), pool.hash_now(with_nul)));
}

TEST_CASE("password_pool: a hash of another cost matches and asks to be stored anew")
{
    password_pool const weak({.threads = 1, .cost = {8 * 1024, 1}});
    password_pool const strong({.threads = 1, .cost = {16 * 1024, 2}});
    std::string const stored = weak.hash_now("xq7#kLm2");
    password_check const found = strong.verify_now("xq7#kLm2", stored);
    CHECK(found.matches);
    CHECK(found.needs_rehash);
    CHECK_FALSE(strong.verify_now("wrong", stored).needs_rehash);
}

TEST_CASE("password_pool: bcrypt of imported users matches and asks to be stored anew")
{
    struct row
    {
        std::string_view password;
        std::string stored;
    };
    // The first two are test vectors of jBCrypt, the others were made by crypt(3) of libxcrypt.
    row const rows[] = {
        {"abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"},
        {"abcdefghijklmnopqrstuvwxyz",
         "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"},
        {"xq7#kLm2 horse", "$2b$04$abcdefghijklmnopqrstuukQSGsAbuSMPPUG23qy7wTvHQF0u945O"},
        {"xq7#kLm2 horse", "$2a$05$N9qo8uLOickgx2ZMRZoMyebcjY0wcelWgsN0CigmwKo6shKZBrjfS"},
        {"xq7#kLm2 horse", "$2y$04$Zo7uLOickgx2ZMRZoMyeIuhOi2OlIR3IMtNKpSs6xX2LL9cKQtDM2"},
    };
    password_pool const pool(quick);
    for (row const& each : rows)
    {
        CAPTURE(each.stored);
        password_check const right = pool.verify_now(each.password, each.stored);
        CHECK(right.matches);
        CHECK(right.needs_rehash);
        password_check const wrong = pool.verify_now("xq7#kLm2 house", each.stored);
        CHECK_FALSE(wrong.matches);
        CHECK_FALSE(wrong.needs_rehash);
        CHECK_FALSE(matches(pool, std::string(each.password) + '\0', each.stored));
    }
}

TEST_CASE("password_pool: what is no stored password never matches")
{
    password_pool const pool(quick);
    std::string const good = pool.hash_now("xq7#kLm2");
    for (std::string const& stored :
         {std::string(), std::string("xq7#kLm2"), std::string("$argon2id$"),
          std::string("$argon2id$v=19$m=8,t=1,p=1$$"), good + "A", good.substr(0, good.size() - 4),
          "$argon2i$" + good.substr(10), std::string("$1$abcdefgh$0123456789012345678901"),
          std::string("$2b$31$") + std::string(53, 'a'),
          std::string("$2b$1x$") + std::string(53, 'a'),
          std::string("$2x$04$") + std::string(53, 'a'),
          std::string("$2b$04$") + std::string(53, '!'), std::string("*0"), std::string(4096, '$')})
    {
        CAPTURE(stored);
        CHECK_FALSE(matches(pool, "xq7#kLm2", stored));
        CHECK_FALSE(matches(pool, "", stored));
    }
}

TEST_CASE("password_pool: the dummy has the form and cost of a real one, and matches nothing")
{
    password_pool const pool({.threads = 1});
    std::string const& dummy = pool.dummy_hash();
    CHECK(dummy.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(dummy.size() == pool.hash_now("xq7#kLm2").size());
    CHECK_FALSE(matches(pool, "xq7#kLm2", dummy));
    CHECK(dummy != password_pool(quick).dummy_hash());

    auto const cpu_ms = []
    {
        timespec at{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
        return at.tv_sec * 1'000 + at.tv_nsec / 1'000'000;
    };
    std::int64_t const begin = cpu_ms();
    CHECK_FALSE(matches(pool, "xq7#kLm2", dummy));
    std::int64_t const with_dummy = cpu_ms() - begin;
    std::string const real = pool.hash_now("another one");
    std::int64_t const again = cpu_ms();
    CHECK_FALSE(matches(pool, "xq7#kLm2", real));
    MESSAGE("a wrong password costs ", cpu_ms() - again, " ms of CPU, an unknown user ", with_dummy,
            " ms");
}

TEST_CASE("password_pool: hash and verify go on where and as whom they were called")
{
    event_loop loop;
    password_pool pool(quick);
    std::vector<outcome> outcomes;
    boost::asio::co_spawn(loop.io, hash_as(pool, "alice", outcomes), boost::asio::detached);
    boost::asio::co_spawn(loop.io, hash_as(pool, "bob", outcomes), boost::asio::detached);
    loop.io.run();
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0].what == "hashed");
    CHECK(outcomes[0].request_id == "alice");
    CHECK(outcomes[1].request_id == "bob");
    CHECK(outcomes[0].thread == std::this_thread::get_id());

    result<std::string> const stored = loop.run(pool.hash("xq7#kLm2"));
    REQUIRE(stored);
    result<password_check> const found = loop.run(pool.verify("xq7#kLm2", *stored));
    REQUIRE(found);
    CHECK(found->matches);
}

namespace
{

std::ptrdiff_t count_of(std::vector<outcome> const& outcomes, std::string_view what)
{
    return std::ranges::count_if(outcomes, [&](outcome const& each) { return each.what == what; });
}

// What becomes of one hash and of five more that come while it is made, where three may wait.
std::vector<outcome> crowd_at_three_places()
{
    event_loop loop;
    // The one thread is kept busy by jobs that take long enough for the queue to fill meanwhile.
    password_pool pool({.threads = 1, .queue_max = 3, .cost = long_cost});
    std::vector<outcome> outcomes;
    boost::asio::co_spawn(loop.io, hash_as(pool, "first", outcomes), boost::asio::detached);
    start(loop.io, pool);
    for (int i = 0; i < 5; ++i)
        boost::asio::co_spawn(loop.io, hash_as(pool, "next", outcomes), boost::asio::detached);
    loop.io.run();
    CHECK(pool.waiting() == 0);
    return outcomes;
}

// What becomes of a hash that is made and of one that waits when the pool closes.
std::vector<outcome> two_at_closing()
{
    event_loop loop;
    password_pool pool({.threads = 1, .cost = long_cost});
    std::vector<outcome> outcomes;
    boost::asio::co_spawn(loop.io, hash_as(pool, "running", outcomes), boost::asio::detached);
    start(loop.io, pool);
    boost::asio::co_spawn(loop.io, hash_as(pool, "waiting", outcomes), boost::asio::detached);
    while (pool.waiting() == 0 && outcomes.empty())
        loop.io.poll();
    pool.close();
    loop.io.restart();
    loop.io.run();
    CHECK_THROWS_AS((void)loop.run(pool.hash("xq7#kLm2")), outage);
    pool.close();
    return outcomes;
}

// Where this machine stands still for longer than one hash takes, more are made than should be.
constexpr int looks_max = 20;

}  // namespace

TEST_CASE(
    "password_pool: as many wait as the queue holds, one more is told to come back in a second")
{
    std::vector<outcome> outcomes = crowd_at_three_places();
    for (int look = 1; look < looks_max && count_of(outcomes, "hashed") > 4; ++look)
        outcomes = crowd_at_three_places();
    REQUIRE(outcomes.size() == 6);
    CHECK(count_of(outcomes, "hashed") == 4);
    CHECK(count_of(outcomes, "Too many sign-ins at the moment, please try again") == 2);
}

TEST_CASE("password_pool: what is refused is throttled, with the time to wait")
{
    event_loop loop;
    password_pool pool({.threads = 1, .queue_max = 0, .cost = least_cost});
    result<std::string> const refused = loop.run(pool.hash("xq7#kLm2"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == error_kind::throttled);
    CHECK(refused.error().retry_after_seconds == 1);
    CHECK(loop.run(pool.verify("xq7#kLm2", "x")).error().kind == error_kind::throttled);
}

TEST_CASE("password_pool: closing drops those who wait, and later calls")
{
    std::vector<outcome> outcomes = two_at_closing();
    for (int look = 1; look < looks_max && count_of(outcomes, "outage") == 0; ++look)
        outcomes = two_at_closing();
    REQUIRE(outcomes.size() == 2);
    CHECK(count_of(outcomes, "outage") == 1);
    CHECK(count_of(outcomes, "hashed") == 1);
}
