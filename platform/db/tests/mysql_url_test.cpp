#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "platform/db/engines/mysql/mysql_url.hpp"

namespace mc
{

TEST_CASE("the address of a schema: everything it can say")
{
    result<mysql_options> const plain = mysql_url("mysql://node@db.example/users");
    REQUIRE(plain);
    CHECK(plain->host == "db.example");
    CHECK(plain->port == 3306);
    CHECK(plain->user == "node");
    CHECK(plain->password.empty());
    CHECK(plain->schema == "users");
    CHECK(plain->tls == mysql_tls::off);

    result<mysql_options> const full =
        mysql_url("mysql://no%40de:p%3Aw%2F%C3%A9@[::1]:3307/old%20shop?tls=verified&tls_ca=/ca");
    REQUIRE(full);
    CHECK(full->host == "::1");
    CHECK(full->port == 3307);
    CHECK(full->user == "no@de");
    CHECK(full->password.reveal() == "p:w/é");
    CHECK(full->schema == "old shop");
    CHECK(full->tls == mysql_tls::verified);
    CHECK(full->tls_ca == "/ca");
}

TEST_CASE("the address of a schema: what is none is refused, and its password is not repeated")
{
    for (std::string_view const wrong :
         {"", "users", "postgres://a:hunter2@h/s", "mysql://a:hunter2@h", "mysql://a:hunter2@h/",
          "mysql://a:hunter2@h/s/t", "mysql://:hunter2@h/s", "mysql://a:hunter2@/s",
          "mysql://a:hunter2@h:0/s", "mysql://a:hunter2@h:70000/s", "mysql://a:hunt er2@h/s",
          "mysql://a:hunter2@h/s?tls=perhaps", "mysql://a:hunter2@h/s?charset=latin1"})
    {
        CAPTURE(wrong);
        result<mysql_options> const refused = mysql_url(wrong);
        REQUIRE(!refused);
        CHECK(refused.error().message.find("hunt") == std::string::npos);
    }
}

}  // namespace mc
