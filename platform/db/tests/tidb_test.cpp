#include <doctest/doctest.h>

#include "platform/db/engines/mysql/tidb.hpp"

namespace mc::mysql
{

using statements = std::vector<std::string>;

TEST_CASE("tidb: each change of a table is a statement of its own")
{
    CHECK(for_tidb("-- Why, with a comma.\nALTER TABLE orders\n    ADD COLUMN a VARCHAR(36),\n    "
                   "ADD COLUMN b DECIMAL(4, 2) DEFAULT '1,5',\n    ADD KEY due (a, b);\n") ==
          statements{"ALTER TABLE orders\n    ADD COLUMN a VARCHAR(36)",
                     "ALTER TABLE orders\n    ADD COLUMN b DECIMAL(4, 2) DEFAULT '1,5'",
                     "ALTER TABLE orders\n    ADD KEY due (a, b)"});
    CHECK(for_tidb("ALTER TABLE orders ADD COLUMN a TEXT") ==
          statements{"ALTER TABLE orders ADD COLUMN a TEXT"});
}

TEST_CASE("tidb: numbers are given to all servers of a cluster by one, so that they rise")
{
    CHECK(for_tidb("CREATE TABLE a (id BIGINT AUTO_INCREMENT PRIMARY KEY) ENGINE = InnoDB;\n") ==
          statements{"CREATE TABLE a (id BIGINT AUTO_INCREMENT PRIMARY KEY) ENGINE = InnoDB "
                     "AUTO_ID_CACHE = 1"});
    CHECK(for_tidb("-- AUTO_INCREMENT is not for this one.\nCREATE TABLE a (id BIGINT);\n") ==
          statements{"CREATE TABLE a (id BIGINT)"});
}

TEST_CASE("tidb: whatever else there is stays as it is, also nothing")
{
    CHECK(for_tidb("INSERT INTO a (id, b) VALUES (1, 0);\n") ==
          statements{"INSERT INTO a (id, b) VALUES (1, 0)"});
    CHECK(for_tidb("DROP TABLE a; DROP TABLE b") == statements{"DROP TABLE a; DROP TABLE b"});
    CHECK(for_tidb("") == statements{""});
    CHECK(for_tidb("-- Only this.") == statements{""});
}

}  // namespace mc::mysql
