#include "platform/http/tests/sample_routes.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "platform/core/text.hpp"
#include "platform/http/paging.hpp"
#include "platform/http/router.hpp"
#include "platform/observe/call.hpp"

namespace mc::http::testing
{

namespace sample
{

struct deps
{
    std::string greeting = "hello";
};

struct thing;

struct thing_name : text<1, 20>
{
    static constexpr std::string_view message = "Thing name is required";
    using text::text;
    static std::optional<text> from(std::string_view raw) { return text::from(raw); }
};

enum class colour
{
    red,
    blue
};
MC_DESCRIBE_ENUM(colour, red, blue)

struct thing_path
{
    id_of<thing> thing_id;
};
MC_DESCRIBE(thing_path, thing_id)

struct user_path
{
    id_of<user> user_id;
};
MC_DESCRIBE(user_path, user_id)

struct part_path
{
    colour of;
    id_of<thing> thing_id;
    std::string part;
    bounded<0, 9> number;
};
MC_DESCRIBE(part_path, of, thing_id, part, number)

struct list_query
{
    std::optional<page_number> page;
    std::optional<page_length> page_size;
    std::optional<colour> colour_is;
};
MC_DESCRIBE(list_query, page, page_size, colour_is)

struct new_thing
{
    thing_name name;
    std::optional<bounded<1, 10>> count;
};
MC_DESCRIBE(new_thing, name, count)

struct thing_view
{
    id_of<thing> id;
    std::string name;
    std::int64_t count;
};
MC_DESCRIBE(thing_view, id, name, count)

struct call_view
{
    std::string service;
    std::string request_id;
    std::string trace;
    std::int64_t milliseconds_left;
    std::string address;
    bool is_internal;
};
MC_DESCRIBE(call_view, service, request_id, trace, milliseconds_left, address, is_internal)

awaitable<result<created<thing_view>>> make_thing(deps&, actor who, body<new_thing> in)
{
    co_return created<thing_view>{
        {id_of<thing>{who.user_id.value}, in.name.value(), in.count ? in.count->value() : 1}};
}

// Two are on the shelf: that comes before what is wrong with a name.
awaitable<result<thing_view>> count_things(deps&, read_body<new_thing> in)
{
    if (in.text.contains(R"("count":3)"))
        co_return error{error_kind::conflict, "thing.too_many", "Only 2 things"};
    if (!in.decoded)
        co_return in.decoded.error();
    co_return thing_view{id_of<thing>{1}, in.decoded->name.value(), 1};
}

awaitable<result<thing_view>> show_thing(deps&, path<thing_path> at)
{
    co_return thing_view{at.thing_id, "mug", 1};
}

awaitable<result<no_content>> drop_thing(deps&, actor, path<thing_path>) { co_return no_content{}; }

awaitable<result<>> touch_thing(deps&, path<thing_path> at)
{
    if (at.thing_id.value == 404)
        co_return error{error_kind::not_found, "thing.not_found", "Thing not found"};
    co_return result<>{};
}

awaitable<result<std::vector<thing_view>>> list_catalogue(deps&)
{
    co_return std::vector<thing_view>{{id_of<thing>{1}, "mug", 2},
                                      {id_of<thing>{2}, "Tasse \xc3\xa9", 3}};
}

awaitable<result<reply<std::vector<thing_view>>>> list_pages(deps&, query<list_query> asked,
                                                             caller from)
{
    page_window const window = window_of(asked.page, asked.page_size);
    reply<std::vector<thing_view>> made;
    made.body = {{id_of<thing>{window.offset() + 1}, asked.colour_is ? "coloured" : "plain",
                  window.limit()}};
    made.headers = list_headers(from, window, 45);
    co_return made;
}

awaitable<result<thing_view>> show_user_thing(deps&, actor who, path<user_path> at)
{
    co_return thing_view{id_of<thing>{at.user_id.value}, std::string(enum_name(who.role)), 1};
}

awaitable<result<raw_reply>> show_part(deps& use, path<part_path> at)
{
    co_return raw_reply{202,
                        "text/plain; charset=utf-8",
                        fmt::format("{} {} {} {} {}", use.greeting, enum_name(at.of),
                                    at.thing_id.value, at.part, at.number.value()),
                        {{"X-Sample", "1"}}};
}

awaitable<result<raw_reply>> show_much(deps&)
{
    co_return raw_reply{200, "text/plain; charset=utf-8", std::string(16 * 1024 * 1024, 'x'), {}};
}

awaitable<result<thing_view>> who_am_i(deps&, std::optional<actor> who)
{
    co_return thing_view{id_of<thing>{who ? who->user_id.value : 0}, who ? "known" : "unknown", 0};
}

awaitable<result<thing_view>> log_in(deps&) { co_return thing_view{id_of<thing>{1}, "token", 1}; }

// Answers with what it was given, as an idempotent action does with what is stored.
awaitable<result<answer>> place(deps&, actor, path<thing_path>, body<new_thing>, idempotency key)
{
    answer made{201,
                fmt::format(R"({{"user":{},"route":"{}","key":"{}","fingerprint":"{}"}})",
                            key.user_id, key.route, key.key.value_or("none"), key.fingerprint)};
    made.is_replayed = key.key == "again" ? replayed::yes : replayed::no;
    co_return made;
}

awaitable<result<call_view>> show_call(deps&, caller from)
{
    call_context const& call = this_call();
    auto const left =
        std::chrono::ceil<milliseconds>(call.deadline - std::chrono::steady_clock::now());
    co_return call_view{std::string(call.service),
                        std::string(call.request_id.view()),
                        std::string(call.traceparent.view()),
                        left.count(),
                        std::string(from.address),
                        from.is_internal == internal_call::yes};
}

awaitable<result<thing_view>> break_down(deps&)
{
    throw std::runtime_error("a secret detail");
    co_return thing_view{};
}

awaitable<result<thing_view>> be_away(deps&)
{
    throw outage("the database at /var/lib/x is gone");
    co_return thing_view{};
}

awaitable<result<thing_view>> be_far(deps&)
{
    co_return error{error_kind::bad_gateway, "far.away", "Internal server error"};
}

awaitable<result<thing_view>> be_throttled(deps&)
{
    co_return error{error_kind::throttled, "login.throttled", "Too many attempts", {}, 30};
}

error not_yours_or_not_there(actor const* who)
{
    if (who != nullptr && who->is_admin())
        return {error_kind::not_found, "user.not_found", "User not found"};
    return {error_kind::forbidden, "user.forbidden", "Forbidden"};
}

}  // namespace sample

void add_sample_routes(router& to)
{
    using namespace sample;
    static deps use;
    to.post("/things", access::customer, bind<make_thing>(use), "Make a thing")
        .forbidden("Only users make things");
    to.get("/things/{thingId}", access::user, bind<show_thing>(use), "One thing");
    to.del("/things/{thingId}", access::user, bind<drop_thing>(use), "Drop a thing");
    to.patch("/things/{thingId}/touch", access::admin, bind<touch_thing>(use), "Touch a thing")
        .replies(404, "Thing not found");
    to.post("/things/{thingId}/orders", access::user, bind<place>(use), "Order a thing")
        .answers<thing_view>()
        .own();
    to.post("/counted", access::open, bind<count_things>(use), "Things, if there are so many");
    to.get("/catalogue", access::open, bind<list_catalogue>(use), "All things").conditional();
    to.get("/pages", access::open, bind<list_pages>(use), "Things by the page").own();
    to.get("/users/me", access::user, bind<log_in>(use), "Me");
    to.get("/users/{userId}", access::owner, bind<show_user_thing>(use), "Somebody");
    to.put("/users/{userId}", access::owner, bind<show_user_thing>(use), "Change somebody")
        .bad_path(not_yours_or_not_there);
    to.get("/supply", access::supplier, bind<log_in>(use), "For suppliers");
    to.get("/{of}/{thingId}/parts/{part}/{number}", access::open, bind(use, show_part), "A part");
    to.get("/much", access::open, bind<show_much>(use), "16 MiB");
    to.get("/maybe", access::open, bind<who_am_i>(use), "Who am I, if anybody");
    to.post("/login", access::open, bind<log_in>(use), "A token");
    to.get("/internal/call", access::internal, bind<show_call>(use),
           "The call as the handler sees it");
    to.get("/call", access::open, bind(use, show_call), "The same for all").named("show_open_call");
    to.get("/broken", access::open, bind<break_down>(use), "Throws");
    to.get("/away", access::open, bind<be_away>(use), "Has lost its database");
    to.get("/far", access::open, bind<be_far>(use), "Has lost another service");
    to.get("/throttled", access::open, bind<be_throttled>(use), "Is throttled");
    to.post("/large", access::open, bind<log_in>(use), "Takes more").body_max(2000);
}

}  // namespace mc::http::testing
