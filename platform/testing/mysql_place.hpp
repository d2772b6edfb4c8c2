#pragma once

#include <memory>
#include <optional>

#include "platform/db/database.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"

namespace mc::testing
{

// The server that tests may use, from the environment: MC_TEST_MYSQL=user:password@host:port. Its
// user may make and drop databases. Throws std::runtime_error when it says something else.
std::optional<mysql_options> mysql_server();
// Another node of the same cluster, likewise: MC_TEST_MYSQL_SECOND.
std::optional<mysql_options> second_mysql_server();

// An empty database of its own at that server; dropped with it.
class mysql_place
{
public:
    mysql_place();
    ~mysql_place();
    mysql_place(mysql_place const&) = delete;
    mysql_place& operator=(mysql_place const&) = delete;

    // Where it is; `name` is still to be said.
    mysql_options const& options() const noexcept { return options_; }

private:
    mysql_options options_;
};

// Where a test's database is: its file or, with MC_TEST_ENGINE=mysql in the environment, a database
// of its own at mysql_server(). So a suite that opens its databases here runs on either engine.
class database_place
{
public:
    database_place();
    std::unique_ptr<database> open(database_options options) const;

private:
    std::optional<mysql_place> at_server_;
};

}  // namespace mc::testing
