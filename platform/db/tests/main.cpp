#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <exception>

#include <fmt/format.h>

#include "platform/testing/left_out.hpp"
#include "platform/testing/mysql_place.hpp"

// What needs a database server is left out, and said to be, where there is none. A second node of a
// cluster nobody has to have here: `./dev test galera` starts one, for those tests alone.
int main(int count, char** words)
try
{
    doctest::Context context(count, words);
    if (!mc::testing::mysql_server())
    {
        mc::testing::left_out(
            "the MySQL engine; MC_TEST_MYSQL=user:password@host:port names no server");
        context.addFilter("test-case-exclude", "*mysql*");
    }
    if (!mc::testing::second_mysql_server())
        context.addFilter("test-case-exclude", "*mysql: (two nodes)*");
    return context.run();
}
catch (std::exception const& refused)
{
    fmt::print(stderr, "{}\n", refused.what());
    return 1;
}
