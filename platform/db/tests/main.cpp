#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "platform/testing/mysql_place.hpp"

// What needs a database server is left out, and said to be, where there is none.
int main(int count, char** words)
{
    doctest::Context context(count, words);
    if (!mc::testing::mysql_server())
    {
        context.addFilter("test-case-exclude", "*mysql*");
        fmt::print("skipped: the MySQL engine; MC_TEST_MYSQL=user:password@host:port names no "
                   "server\n");
    }
    if (!mc::testing::second_mysql_server())
    {
        context.addFilter("test-case-exclude", "*mysql: (two nodes)*");
        fmt::print("skipped: two nodes of a cluster; MC_TEST_MYSQL_SECOND names no second node\n");
    }
    return context.run();
}
