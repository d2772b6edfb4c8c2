#include <doctest/doctest.h>

#include <fmt/format.h>

#include "contracts/follow_accounts.hpp"
#include "contracts/tests/golden.hpp"
#include "contracts/user_events.hpp"
#include "platform/auth/accounts.hpp"
#include "platform/testing/service_fixture.hpp"

namespace mc::contracts
{
namespace
{

// What a follower cleared, as "number at time".
std::vector<std::string> cleared;

void note_cleared(transaction&, id_of<user> number, timestamp created)
{
    cleared.push_back(fmt::format("{} at {}", number.value, to_iso(created)));
}

// A service that does nothing but follow the accounts.
class follower final : public service
{
public:
    void add_routes(http::router&) override {}
    void add_subscriptions(subscription_table& to) override { follow_accounts(to, note_cleared); }
};

std::span<migration const> no_migrations() { return {}; }

std::unique_ptr<service> make_follower(service_environment const&)
{
    return std::make_unique<follower>();
}

constexpr service_info follower_info{.name = "follower",
                                     .wire_name = "follower-service",
                                     .port = 3999,
                                     .migrations = no_migrations,
                                     .settings = {},
                                     .make = make_follower};

class following : public testing::service_fixture
{
public:
    following() : service_fixture(follower_info) {}

    result<intake::effect> receives(std::string_view value, std::string_view headers = {})
    {
        return receive(db(), subscriptions(), value, headers);
    }
    std::optional<account> known(std::int64_t id)
    {
        return db().read_now(accounts::find, id_of<user>(id));
    }
};

// USER_CREATED as another producer may spell it; `id` makes the event's own id, too.
std::string foreign_created(int id, std::string_view data, std::string_view type = "eventType",
                            std::string_view content = "data")
{
    return fmt::format(R"({{"eventId":"event-{}","{}":"USER_CREATED","eventVersion":1,)"
                       R"("occurredAt":"2026-01-01T00:00:00.000Z","producer":"user-service",)"
                       R"("{}":{}}})",
                       id, type, content, data);
}

user_updated updated(std::int64_t version, std::string name)
{
    return {.id = id_of<user>(2),
            .name = std::move(name),
            .email = "zoe@example.com",
            .role = "supplier",
            .account_status = "active",
            .version = version,
            .changed = {"name"}};
}

}  // namespace

TEST_CASE("follow_accounts: the golden files of the user service make, change and end an account")
{
    following shop;
    REQUIRE(shop.receives(golden("user_created"), "aggregateVersion:1\n"));
    std::optional<account> known = shop.known(2);
    REQUIRE(known);
    CHECK(known->name == "Zoë 张");
    CHECK(known->email == "zoe@example.com");
    CHECK(known->role == role::user);
    CHECK(known->status == account_status::active);
    CHECK(known->version == 1);
    CHECK(known->occurred_at == golden_time);

    REQUIRE(shop.hear(updated(2, "Zoë")));
    known = shop.known(2);
    CHECK(known->name == "Zoë");
    CHECK(known->role == role::supplier);

    REQUIRE(shop.hear(user_sessions_revoked{
        .id = id_of<user>(2), .version = 3, .session_epoch = 2, .reason = "blocked"}));
    CHECK(shop.known(2)->session_epoch == 2);
    CHECK(shop.known(2)->revoked_reason == "blocked");

    REQUIRE(shop.hear(user_deleted{
        .id = id_of<user>(2), .version = 4, .session_epoch = 3, .deleted_at = golden_time}));
    known = shop.known(2);
    CHECK(known->deleted_at == golden_time);
    CHECK(known->name.empty());
    CHECK(known->email.empty());
    CHECK(known->session_epoch == 3);
}

TEST_CASE("follow_accounts: every spelling of USER_CREATED that the replaced system took is taken")
{
    struct row
    {
        char const* why;
        std::string value;
    };
    constexpr char const* data =
        R"({"id":7,"name":"Ann","email":"a@example.com","role":"supplier",)"
        R"("accountStatus":"active"})";
    constexpr char const* with_user_id =
        R"({"userId":7,"name":"Ann","email":"a@example.com","role":"supplier"})";
    row const rows[] = {
        {"ours", foreign_created(1, data)},
        {"event for eventType", foreign_created(2, data, "event")},
        {"payload for data", foreign_created(3, data, "eventType", "payload")},
        {"both", foreign_created(4, data, "event", "payload")},
        {"userId for id", foreign_created(5, with_user_id)},
        {"userId in a payload", foreign_created(6, with_user_id, "event", "payload")},
        {"digits for the id",
         foreign_created(7,
                         R"({"id":"7","name":"Ann","email":"a@example.com","role":"supplier"})")},
        {"a role in capitals", foreign_created(8, R"({"id":7,"name":"Ann","role":" Supplier "})")},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.why);
        following shop;
        result<intake::effect> const taken = shop.receives(each.value);
        REQUIRE(taken);
        REQUIRE(shop.known(7));
        CHECK(shop.known(7)->name == "Ann");
        CHECK(shop.known(7)->role == role::supplier);
        CHECK(!shop.known(7)->version);
    }
}

TEST_CASE("follow_accounts: what a foreign producer says in words we do not know is the least")
{
    struct row
    {
        char const* data;
        char const* name;
    };
    row const rows[] = {
        {R"({"id":7,"name":"  ","email":"a@x.org","role":"owner","accountStatus":"??"})", "User"},
        {R"({"id":7,"name":"","email":"a@x.org","role":"","accountStatus":""})", "User"},
        {R"({"id":7,"name":null,"email":null,"role":null,"accountStatus":null})", "User"},
        {R"({"id":7,"name":5,"email":[],"role":{},"accountStatus":true})", "User"},
        {R"({"id":7})", "User"},
        {R"({"id":7,"name":"Ann","extra":[1,2,3]})", "Ann"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.data);
        following shop;
        REQUIRE(shop.receives(foreign_created(1, each.data)));
        REQUIRE(shop.known(7));
        CHECK(shop.known(7)->name == each.name);
        CHECK(shop.known(7)->role == role::user);
        CHECK(shop.known(7)->status == account_status::active);
    }
}

TEST_CASE("follow_accounts: an event without a usable id, or no event at all, changes nothing")
{
    std::string const values[] = {
        foreign_created(1, R"({"name":"Ann"})"),
        foreign_created(1, R"({"id":0,"name":"Ann"})"),
        foreign_created(1, R"({"id":-7,"userId":"x"})"),
        foreign_created(1, R"({"id":1.5})"),
        foreign_created(1, R"({"id":"7abc"})"),
        foreign_created(1, R"({"id":9223372036854775808})"),
        foreign_created(1, "null"),
        foreign_created(1, "[]"),
        foreign_created(1, "5"),
        "null",
        "{}",
        "not json",
        "",
    };
    following shop;
    for (std::string const& value : values)
    {
        CAPTURE(value);
        CHECK(!shop.receives(value));
    }
    CHECK(!shop.known(7));
}

TEST_CASE("follow_accounts: e-mail addresses may move from one account to another")
{
    following shop;
    REQUIRE(shop.receives(foreign_created(1, R"({"id":1,"name":"Ann","email":"a@example.com"})")));
    REQUIRE(shop.receives(foreign_created(2, R"({"id":2,"name":"Bob","email":"a@example.com"})")));
    CHECK(shop.known(1)->name == "Ann");
    CHECK(shop.known(2)->name == "Bob");
}

TEST_CASE("follow_accounts: an older version, a repetition and a late USER_CREATED change nothing")
{
    following shop;
    REQUIRE(shop.hear(updated(5, "Newest")));
    REQUIRE(shop.hear(updated(4, "Older")));
    REQUIRE(shop.hear(updated(5, "Same version")));
    REQUIRE(shop.receives(golden("user_created"), "aggregateVersion:1\n"));
    CHECK(shop.known(2)->name == "Newest");
    CHECK(shop.known(2)->version == 5);
    REQUIRE(shop.hear(updated(6, "Newer")));
    CHECK(shop.known(2)->name == "Newer");

    result<intake::effect> const again =
        shop.receives(golden("user_created"), "aggregateVersion:1\n");
    REQUIRE(again);
    CHECK(*again == intake::effect::known);
}

TEST_CASE("follow_accounts: without versions the later occurrence counts")
{
    auto const at = [](int id, std::string_view name, std::string_view time)
    {
        std::string value = foreign_created(id, fmt::format(R"({{"id":7,"name":"{}"}})", name));
        return value.replace(value.find("2026-01-01T00:00:00.000Z"), 24, time);
    };
    following shop;
    REQUIRE(shop.receives(at(1, "Noon", "2026-01-01T12:00:00.000Z")));
    REQUIRE(shop.receives(at(2, "Morning", "2026-01-01T08:00:00.000Z")));
    CHECK(shop.known(7)->name == "Noon");
    REQUIRE(shop.receives(at(3, "Evening", "2026-01-01T20:00:00.000Z")));
    CHECK(shop.known(7)->name == "Evening");
}

TEST_CASE("follow_accounts: a number given again is a new person's, and said to be")
{
    cleared.clear();
    following shop;
    user_created told{.id = id_of<user>(2),
                      .name = "Zoë",
                      .email = "zoe@example.com",
                      .role = "admin",
                      .account_status = "active"};
    REQUIRE(shop.hear(told));
    REQUIRE(shop.hear(user_sessions_revoked{
        .id = id_of<user>(2), .version = 2, .session_epoch = 3, .reason = "logout"}));
    REQUIRE(shop.hear(told));
    CHECK(cleared.empty());

    shop.clock.advance(seconds{60});
    told.name = "Yan";
    told.role = "user";
    REQUIRE(shop.hear(told));
    REQUIRE(shop.hear(told));
    CHECK(cleared == std::vector<std::string>{"2 at 2026-01-01T00:01:00.000Z"});
    CHECK(shop.known(2)->name == "Yan");
    CHECK(shop.known(2)->role == role::user);
    CHECK(shop.known(2)->session_epoch == 0);
    CHECK(shop.known(2)->created_at == shop.clock.now());
}

TEST_CASE("follow_accounts: nothing that comes later brings a deleted account back")
{
    following shop;
    REQUIRE(shop.hear(user_deleted{
        .id = id_of<user>(2), .version = 4, .session_epoch = 3, .deleted_at = golden_time}));
    REQUIRE(shop.receives(golden("user_created"), "aggregateVersion:1\n"));
    REQUIRE(shop.hear(updated(9, "Back again")));
    REQUIRE(shop.hear(user_sessions_revoked{
        .id = id_of<user>(2), .version = 3, .session_epoch = 2, .reason = "logout"}));
    std::optional<account> const known = shop.known(2);
    CHECK(known->deleted_at == golden_time);
    CHECK(known->name.empty());
    CHECK(known->session_epoch == 3);
}

TEST_CASE("follow_accounts: an account brought in is the one a foreign producer told of before")
{
    following shop;
    cleared.clear();
    std::string_view const zoe =
        R"({"id":2,"name":"Zoe","email":"zoe@example.com","role":"user","accountStatus":"active"})";
    REQUIRE(shop.receives(foreign_created(1, zoe)));

    // Told with the time when it was made there, a moment before that producer told of it, so its
    // cart stays; what was changed there since, and told to nobody, comes with the second event.
    std::string brought = foreign_created(2, zoe);
    brought.replace(brought.find("2026-01-01T00:00:00.000Z"), 24, "2025-12-31T23:59:59.000Z");
    REQUIRE(shop.receives(brought, "aggregateVersion:1\n"));
    CHECK(cleared.empty());
    REQUIRE(shop.hear(updated(2, "Zoë")));
    CHECK(shop.known(2)->name == "Zoë");
    CHECK(shop.known(2)->role == role::supplier);
    CHECK(shop.known(2)->version == 2);
}

}  // namespace mc::contracts
