#include <doctest/doctest.h>

#include <functional>

#include "platform/http/openapi.hpp"
#include "platform/http/router.hpp"

namespace mc::http::testing
{

namespace table
{

struct deps
{};

struct item;

struct two_ids
{
    id_of<item> item_id;
    id_of<user> user_id;
};
MC_DESCRIBE(two_ids, item_id, user_id)

struct one_id
{
    id_of<item> item_id;
};
MC_DESCRIBE(one_id, item_id)

struct item_query
{
    std::optional<bounded<1, 100>> page;
    std::string word;
};
MC_DESCRIBE(item_query, page, word)

struct item_request
{
    text<1, 80> name;
    std::optional<std::vector<std::string>> tags;
};
MC_DESCRIBE(item_request, name, tags)

struct item_view
{
    id_of<item> id;
    std::string name;
};
MC_DESCRIBE(item_view, id, name)

awaitable<result<no_content>> nothing(deps&) { co_return no_content{}; }
awaitable<result<no_content>> with_two(deps&, path<two_ids>) { co_return no_content{}; }
awaitable<result<no_content>> with_one(deps&, path<one_id>) { co_return no_content{}; }
awaitable<result<no_content>> with_actor(deps&, actor) { co_return no_content{}; }
awaitable<result<item_view>> find_items(deps&, query<item_query>, std::optional<actor>)
{
    co_return item_view{};
}
awaitable<result<answer>> make_item(deps&, actor, path<one_id>, body<item_request>, idempotency)
{
    co_return answer{201, "{}"};
}

}  // namespace table

namespace
{

table::deps use;

std::string why_refused(std::function<void(router&)> const& fill)
{
    router made({.service = "sample"});
    try
    {
        fill(made);
    }
    catch (std::logic_error const& refused)
    {
        return refused.what();
    }
    return "it was not refused";
}

std::string found(router const& in, method verb, std::string_view path)
{
    found_route const where = in.find(verb, path);
    if (where.row == nullptr)
        return where.allowed.empty() ? "404" : "405 " + where.allowed;
    return where.row->label() + " " + std::string(where.segments[0]);
}

}  // namespace

TEST_CASE("router: a row that cannot work stops the start, and says which row and why")
{
    using namespace table;
    CHECK(
        why_refused([](router& to)
                    { to.get("/a/{itemId}", access::open, bind<with_two>(use), ""); }) ==
        "route GET /a/{itemId}: its path has {itemId}, the handler's path struct {itemId, userId}");
    CHECK(
        why_refused([](router& to) { to.get("/a/{id}", access::open, bind<with_one>(use), ""); }) ==
        "route GET /a/{id}: its path has {id}, the handler's path struct {itemId}");
    CHECK(why_refused([](router& to) { to.get("/a", access::open, bind<with_actor>(use), ""); }) ==
          "route GET /a: its access gives no actor; take std::optional<actor>");
    CHECK(why_refused([](router& to)
                      { to.post("/a/{itemId}", access::internal, bind<make_item>(use), ""); })
              .contains("gives no actor"));
    CHECK(why_refused([](router& to) { to.get("/a", access::owner, bind<nothing>(use), ""); })
              .contains("access::owner needs a handler with a path"));
    CHECK(why_refused(
              [](router& to)
              {
                  to.get("/a/{itemId}", access::open, bind<with_one>(use), "");
                  to.get("/a/{itemId}", access::user, bind<with_one>(use), "");
              })
              .contains("there is one like it already"));
    for (char const* const bad : {"", "a", "/a/", "/a//b", "/a?b", "/a/../b", "/a b"})
    {
        CAPTURE(bad);
        CHECK(why_refused([&](router& to) { to.get(bad, access::open, bind<nothing>(use), ""); })
                  .contains("its path is not one a request could have"));
    }
}

TEST_CASE("router: fixed words win over parameters, and the way back is found")
{
    using namespace table;
    router to({.service = "sample"});
    to.get("/", access::open, bind<nothing>(use), "");
    to.get("/orders/me", access::open, bind<nothing>(use), "");
    to.get("/orders/{itemId}", access::open, bind<with_one>(use), "");
    to.patch("/orders/{itemId}", access::open, bind<with_one>(use), "");
    to.get("/orders/me/old", access::open, bind<nothing>(use), "");
    to.patch("/orders/{itemId}/cancel", access::open, bind<with_one>(use), "");

    CHECK(found(to, method::get, "/") == "GET / ");
    CHECK(found(to, method::get, "/orders/me") == "GET /orders/me ");
    CHECK(found(to, method::get, "/orders/7") == "GET /orders/{itemId} 7");
    CHECK(found(to, method::head, "/orders/7") == "GET /orders/{itemId} 7");
    CHECK(found(to, method::patch, "/orders/me") == "PATCH /orders/{itemId} me");
    CHECK(found(to, method::patch, "/orders/me/cancel") == "PATCH /orders/{itemId}/cancel me");
    CHECK(found(to, method::get, "/orders/me/old") == "GET /orders/me/old ");
    CHECK(found(to, method::post, "/orders/me") == "405 GET, HEAD, PATCH");
    CHECK(found(to, method::get, "/orders/7/cancel") == "405 PATCH");
    CHECK(found(to, method::post, "/") == "405 GET, HEAD");
    for (std::string_view const nowhere :
         {"/order", "/orders", "/Orders/me", "/orders/7/cancel/x", "/orders/me/ol"})
    {
        CAPTURE(nowhere);
        CHECK(found(to, method::get, nowhere) == "404");
    }
}

TEST_CASE("router: errors become statuses in one place")
{
    using enum error_kind;
    CHECK(status_of(invalid) == 400);
    CHECK(status_of(unauthenticated) == 401);
    CHECK(status_of(forbidden) == 403);
    CHECK(status_of(not_found) == 404);
    CHECK(status_of(conflict) == 409);
    CHECK(status_of(precondition_failed) == 412);
    CHECK(status_of(key_reused) == 422);
    CHECK(status_of(lost_race) == 409);
    CHECK(status_of(throttled) == 429);
    CHECK(status_of(bad_gateway) == 502);
    CHECK(status_of(unavailable) == 503);
}

namespace
{

void add_described_items(router& to)
{
    using namespace table;
    to.get("/items", access::open, bind<find_items>(use), "Find \"items\"").conditional();
    to.post("/items/{itemId}/copies", access::customer, bind<make_item>(use), "Make an item")
        .forbidden("Only users make items")
        .answers<item_view>()
        .replies(409, "There is one already")
        .replies(409, "Changed meanwhile")
        .refuses({error{error_kind::conflict, "item.exists", "Item 7 exists"},
                  error{error_kind::not_found, "item.gone", "Item not found"}})
        .replies<item_query>(410, "It was dropped", "item.dropped")
        .example(R"({ "name": "a b" })", R"({"id": 7, "name": "a b"})")
        .versioned();
    to.del("/items/{itemId}/copies", access::internal, bind(use, with_one), "Drop an item");
}

}  // namespace

TEST_CASE("OpenAPI: the document begins with who it is of and where that listens")
{
    router to({.service = "sample", .usual_port = 3009});
    add_described_items(to);
    std::string const text = openapi_of(to, "1.2.3");
    std::string_view const expected = R"({
  "openapi": "3.1.0",
  "info": {
    "title": "MicroCommerce: sample",
    "version": "1.2.3"
  },
  "servers": [
    {
      "url": "http://{host}:{port}",
      "variables": {
        "host": {
          "default": "localhost"
        },
        "port": {
          "default": "3009"
        }
      }
    }
  ],
  "paths": {
    "/items": {
      "get": {
        "operationId": "find_items",
        "summary": "Find \"items\"",
        "x-access": "open",
        "security": [
          {},
          {
            "bearer": []
          }
        ],
        "parameters": [
          {
            "name": "page",
            "in": "query",
            "required": false,
)";
    CHECK(text.starts_with(expected));
    CHECK(text.ends_with("}\n"));
    CHECK(text == openapi_of(to, "1.2.3"));
}

TEST_CASE("OpenAPI: the table is the document")
{
    router to({.service = "sample"});
    add_described_items(to);
    std::string const text = openapi_of(to, "1.2.3");
    for (std::string_view const part :
         {R"("operationId": "make_item")",
          R"("x-access": "customer")",
          R"("operationId": "delete_items_by_itemId_copies")",
          R"("description": "There is one already; Changed meanwhile")",
          R"("description": "Only users make items")",
          R"("name": "Idempotency-Key")",
          R"("$ref": "#/components/schemas/ItemRequest")",
          R"("$ref": "#/components/schemas/ItemView")",
          R"("304": {)",
          R"("internalToken": [])",
          R"("Error": {)",
          R"("description": "Invalid itemId")",
          R"("204": {)",
          R"("item.exists": "Item 7 exists")",
          R"("description": "Item not found")",
          R"("item.dropped": "It was dropped")",
          R"("$ref": "#/components/schemas/ItemQuery")",
          R"("$ref": "#/components/headers/ETag")",
          R"("name": "If-Match")",
          R"("name": "If-None-Match")",
          R"("$ref": "#/components/responses/TooManyRequests")",
          R"("$ref": "#/components/headers/X-Total-Count")",
          R"("access.internal": "Unauthorized")"})
    {
        CAPTURE(part);
        CHECK(text.contains(part));
    }
}

TEST_CASE("OpenAPI: an example that is not JSON is found when the document is made")
{
    using namespace table;
    router to({.service = "sample"});
    to.post("/items/{itemId}/copies", access::customer, bind<make_item>(use), "Make an item")
        .example("{'name':1}", {});
    CHECK_THROWS_WITH_AS((void)openapi_of(to, "1"),
                         doctest::Contains("route POST /items/{itemId}/copies: its example"),
                         std::logic_error);
}

}  // namespace mc::http::testing
