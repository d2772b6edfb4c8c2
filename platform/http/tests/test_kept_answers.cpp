#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/db/database.hpp"
#include "platform/http/kept_answers.hpp"
#include "platform/http/paging.hpp"
#include "platform/http/router.hpp"
#include "platform/http/tests/server_fixture.hpp"

namespace mc::http::testing
{

namespace shelf
{

struct thing;

struct deps
{
    database& db;
    int asked = 0;  // How often a handler ran.
};

struct shelf_query
{
    std::optional<bounded<1, 9>> page;
};
MC_DESCRIBE(shelf_query, page)

struct shelf_view
{
    std::int64_t things;
};
MC_DESCRIBE(shelf_view, things)

constexpr migration schema[] = {
    {1, "shelf", "CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;"}};
constexpr statement add_sql{"shelf.add", "INSERT INTO things DEFAULT VALUES"};
constexpr statement count_sql{"shelf.count", "SELECT COUNT(*) FROM things"};

result<> add_thing(transaction& tx)
{
    tx.insert(add_sql);
    return result<>{};
}

std::int64_t count(snapshot& in) { return in.number(count_sql).value_or(0); }

awaitable<result<shelf_view>> show(deps& use, query<shelf_query>)
{
    ++use.asked;
    std::int64_t const things = co_await use.db.read(count);
    if (things == 0)
        co_return error{error_kind::not_found, "shelf.empty", "The shelf is empty"};
    co_return shelf_view{things};
}

awaitable<result<no_content>> for_somebody(deps&, std::optional<actor>) { co_return no_content{}; }

}  // namespace shelf

namespace
{

class temporary_folder
{
public:
    temporary_folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "mc-http-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~temporary_folder() { std::filesystem::remove_all(path); }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;

    std::filesystem::path path;
};

response answered(std::string body)
{
    response made;
    made.body = std::move(body);
    return made;
}

struct kept_shop
{
    temporary_folder folder;
    fake_clock clock{from_epoch_ms(1'795'375'000'500)};
    std::unique_ptr<database> db = database::open({.name = "shelf",
                                                   .producer = "shelf-service",
                                                   .file = folder.path / "shelf.db",
                                                   .migrations = shelf::schema,
                                                   .now = clock});
    shelf::deps use{*db};
    running_server server{{},
                          [this](router& to)
                          {
                              to.get("/shelf", access::open, bind<shelf::show>(use), "")
                                  .conditional()
                                  .kept_until_commit(*db);
                          }};

    void add_thing() { db->write_now(shelf::add_thing).value(); }
};

}  // namespace

TEST_CASE("kept answers: the same question is answered once, until something is committed")
{
    kept_shop shop;
    shop.add_thing();
    wire_answer const first = shop.server.get("/shelf");
    shop.server.clock.advance(milliseconds{1000});
    wire_answer const again = shop.server.get("/shelf");
    CHECK(first.body == R"({"things":1})");
    CHECK(first.header("Date") == "Sun, 22 Nov 2026 19:16:40 GMT");
    CHECK(again.header("Date") == "Sun, 22 Nov 2026 19:16:41 GMT");
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    CHECK(again.header("ETag") == first.header("ETag"));
    CHECK(again.header("Content-Type") == first.header("Content-Type"));
    CHECK(shop.use.asked == 1);

    shop.add_thing();
    wire_answer const later = shop.server.get("/shelf");
    CHECK(later.body == R"({"things":2})");
    CHECK(later.header("ETag") != first.header("ETag"));
    CHECK(shop.use.asked == 2);
}

TEST_CASE("kept answers: another query string is another question, and a known body is left out")
{
    kept_shop shop;
    shop.add_thing();
    std::string const etag = shop.server.get("/shelf").header("ETag");
    CHECK(shop.server.get("/shelf?page=2").status == 200);
    CHECK(shop.use.asked == 2);
    CHECK(shop.server.get("/shelf", "If-None-Match: " + etag + "\r\n").status == 304);
    CHECK(shop.server.get("/shelf").body == R"({"things":1})");
    CHECK(shop.use.asked == 2);
}

TEST_CASE("kept answers: a refusal is never kept")
{
    kept_shop shop;
    CHECK(shop.server.get("/shelf").status == 404);
    CHECK(shop.server.get("/shelf").status == 404);
    CHECK(shop.server.get("/shelf?page=0").status == 400);
    CHECK(shop.use.asked == 2);
}

TEST_CASE("kept answers: an answer that began before a commit does not come back after it")
{
    kept_shop shop;
    kept_answers kept(*shop.db);
    std::int64_t const before = kept.state().value();
    shop.add_thing();
    std::int64_t const after = kept.state().value();
    REQUIRE(after > before);

    kept.keep(after, "/shelf", answered("new"));
    kept.keep(before, "/shelf", answered("old"));
    CHECK(kept.find(before, "/shelf") == nullptr);
    REQUIRE(kept.find(after, "/shelf") != nullptr);
    CHECK(kept.find(after, "/shelf")->body == "new");
}

TEST_CASE("kept answers: what is kept stays below bytes_max")
{
    kept_shop shop;
    kept_answers kept(*shop.db);
    std::int64_t const now = kept.state().value();
    std::size_t const room = kept_answers::bytes_max - kept_answers::answer_bytes - 2;
    kept.keep(now, "/a", answered(std::string(room + 1, 'x')));
    CHECK(kept.find(now, "/a") == nullptr);
    kept.keep(now, "/a", answered(std::string(room, 'x')));
    CHECK(kept.find(now, "/a") != nullptr);
    kept.keep(now, "/b", answered("x"));
    CHECK(kept.find(now, "/a") == nullptr);
    CHECK(kept.find(now, "/b") != nullptr);
}

TEST_CASE("kept answers: only what everybody is answered alike can be kept")
{
    kept_shop shop;
    router to({.service = "shelf"});
    CHECK_THROWS_WITH_AS(
        to.get("/a", access::user, bind<shelf::show>(shop.use), "").kept_until_commit(*shop.db),
        "route GET /a: only what everybody is answered alike can be kept", std::logic_error);
    CHECK_THROWS_AS(
        to.post("/b", access::open, bind<shelf::show>(shop.use), "").kept_until_commit(*shop.db),
        std::logic_error);
    CHECK_THROWS_AS(to.get("/c", access::open, bind<shelf::for_somebody>(shop.use), "")
                        .kept_until_commit(*shop.db),
                    std::logic_error);
}

}  // namespace mc::http::testing
