#include "platform/core/fail_point.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace mc;

namespace
{

// The exit code of a child that arms `specification` and then passes these places: two of "order",
// one of "cart". A child, because an armed point stays armed.
int exit_code_of(std::string_view specification)
{
    ::pid_t const child = ::fork();
    if (child == 0)
    {
        if (!fail_points::arm(specification))
            ::_exit(1);
        fail_here("relay.after_append", "order");
        fail_here("relay.after_append", "cart");
        fail_here("relay.after_append", "order");
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("fail point: an armed one ends the process at its k-th hit")
{
    CHECK(exit_code_of("relay.after_append") == fail_points::exit_code);
    CHECK(exit_code_of("relay.after_append:3") == fail_points::exit_code);
    CHECK(exit_code_of("relay.after_append:4") == 0);
    CHECK(exit_code_of("relay.after_append@order:2") == fail_points::exit_code);
    CHECK(exit_code_of("relay.after_append@order:3") == 0);
    CHECK(exit_code_of("relay.after_append@user") == 0);
    CHECK(exit_code_of("relay.elsewhere") == 0);
}

TEST_CASE("fail point: none is armed unless somebody asks, and nonsense arms none")
{
    for (std::string_view const text :
         {"", ":1", "@order", "a@", "a:0", "a:-1", "a:x", "a:1x", "A", "a b", "a:99999999999"})
    {
        INFO(text);
        CHECK_FALSE(fail_points::arm(text).has_value());
    }
    CHECK_FALSE(fail_points::armed.load());
    fail_here("relay.after_append", "order");
}
