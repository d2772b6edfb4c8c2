#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

// The one line of contracts/golden/<name>.json.
std::string golden(std::string const& name)
{
    std::ifstream file("contracts/golden/" + name + ".json");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

// The newest event of this type as it is sent, with the golden file's event id.
std::string newest(user_fixture& shop, std::string_view event_type)
{
    std::string value = shop.published_values(event_type).back();
    constexpr std::size_t id_starts = std::string_view(R"({"eventId":")").size();
    constexpr std::size_t id_length = 36;
    return value.replace(id_starts, id_length, "00000000-0000-4000-8000-000000000001");
}

std::vector<outbox::row> all_rows(snapshot& in) { return outbox::next_rows(in, 0, 100); }

}  // namespace

TEST_CASE("events: what is sent is the golden files byte by byte")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const zoe = shop.user("zoe@example.com", "Zoë 张");
    REQUIRE(zoe.id == 2);
    CHECK(newest(shop, "USER_CREATED") == golden("user_created"));

    REQUIRE(shop.as(admin)
                .put("/users/2", R"({"name":"Zoë","role":"supplier","accountStatus":"blocked"})")
                .status == 200);
    CHECK(newest(shop, "USER_UPDATED") == golden("user_updated"));
    CHECK(newest(shop, "USER_SESSIONS_REVOKED") == golden("user_sessions_revoked"));

    REQUIRE(shop.as(admin).del("/users/2").status == 200);
    CHECK(newest(shop, "USER_DELETED") == golden("user_deleted"));
}

TEST_CASE("events: of one account they leave in the order of their versions, under its number")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const zoe = shop.user("zoe@example.com");
    std::string const target = fmt::format("/users/{}", zoe.id);
    shop.as(zoe).put(target, R"({"name":"Zoë"})");
    shop.as(zoe).put(target, R"({"email":"z@example.com","oldPassword":"Correct-Horse-7f3a"})");
    shop.as(admin).put(target, R"({"accountStatus":"blocked"})");
    shop.as(admin).del(target);

    std::vector<std::string> types;
    std::int64_t version = 0;
    for (outbox::row const& row : shop.db().read_now(all_rows))
    {
        if (row.key != std::to_string(zoe.id))
            continue;
        types.push_back(row.event_type);
        CHECK(row.topic == "user-events");
        CHECK(row.producer == "user-service");
        CHECK(row.aggregate_version == ++version);
    }
    CHECK(types == std::vector<std::string>{"USER_CREATED", "USER_UPDATED", "USER_UPDATED",
                                            "USER_SESSIONS_REVOKED", "USER_UPDATED",
                                            "USER_SESSIONS_REVOKED", "USER_DELETED"});
}

}  // namespace mc::user_service
