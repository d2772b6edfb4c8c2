#include <doctest/doctest.h>

#include <filesystem>

#include "contracts/user_events.hpp"
#include "platform/auth/accounts.hpp"
#include "platform/core/error.hpp"
#include "platform/core/random.hpp"
#include "platform/events/logs/embedded/embedded_log.hpp"
#include "services/user/actions/leave_out_lost_numbers.hpp"
#include "services/user/tests/fixture.hpp"

// The user service's database is an older backup than the log and the other services' databases.
namespace mc::user_service
{
namespace
{

std::filesystem::path new_folder()
{
    std::filesystem::path const made =
        std::filesystem::temp_directory_path() / ("microcommerce-lost-" + random_hex(8));
    std::filesystem::create_directories(made);
    return made;
}

result<> hear_of(transaction& tx, std::int64_t number)
{
    accounts::remember(tx, {.user_id = id_of<mc::user>(number), .version = 1});
    return result<>{};
}

// A log that is away when the test says so.
class log_behind final : public event_log
{
public:
    explicit log_behind(std::filesystem::path const& folder, clock const& now)
        : kept_(embedded_log::open({.file = folder / "log.db", .now = now}))
    {}

    bool away = false;
    std::size_t fetched = 0;

    void make_topics(std::span<std::string const> names) override { kept_->make_topics(names); }
    void append(std::span<outgoing_record const> batch) override { kept_->append(batch); }
    std::vector<log_record> fetch(std::string_view topic, int partition, std::int64_t offset,
                                  std::size_t max) override
    {
        std::vector<log_record> records = kept_->fetch(topic, partition, offset, max);
        fetched += records.size();
        return records;
    }
    std::vector<partition_range> ranges(std::string_view topic) override
    {
        if (away)
            throw outage("the log is away");
        return kept_->ranges(topic);
    }
    std::unique_ptr<log_reader> join(std::string_view group, std::vector<std::string> topics,
                                     stored_offsets stored) override
    {
        return kept_->join(group, std::move(topics), std::move(stored));
    }

private:
    std::unique_ptr<embedded_log> kept_;
};

// A log, and another service's database with a projection of accounts.
struct surroundings
{
    surroundings()
    {
        known.names.rename("user-events", "users");
        known.databases.push_back(neighbour.get());
    }
    ~surroundings()
    {
        neighbour->close();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    surroundings(surroundings const&) = delete;
    surroundings& operator=(surroundings const&) = delete;

    void tells(std::string_view type, std::string key)
    {
        std::string const topics[] = {"users"};
        log.make_topics(topics);
        std::string headers;
        add_header(headers, "eventType", type);
        outgoing_record const record[] = {{"users", std::move(key), headers, "{}"}};
        log.append(record);
    }
    void has_heard_of(std::int64_t number) { REQUIRE(neighbour->write_now(hear_of, number)); }

    fake_clock clock{from_epoch_ms(1'767'225'600'000)};
    std::filesystem::path folder = new_folder();
    log_behind log{folder, clock};
    std::unique_ptr<database> neighbour = database::open({.name = "cart",
                                                          .producer = "cart-service",
                                                          .file = folder / "cart.db",
                                                          .migrations = {},
                                                          .now = clock});
    past known{.log = log, .names = {}, .databases = {}};
};

}  // namespace

TEST_CASE("recall: numbers that the log tells of are not given again")
{
    user_fixture shop;
    surroundings at;
    REQUIRE(shop.sign_up("first@example.com").id == 1);
    at.tells("USER_CREATED", "1");
    at.tells("USER_CREATED", "2");
    at.tells("USER_CREATED", "5");
    at.tells("USER_UPDATED", "2");
    shop.runs().recall(at.known);
    person const next = shop.user("next@example.com");
    CHECK(next.id == 6);
    CHECK(shop.sign_up("another@example.com").id == 7);

    // Whoever still has a token of a lost account is nobody here.
    for (std::int64_t const lost : {2, 3, 5})
    {
        auto const refused = shop.as(lost).get("/auth/session");
        CHECK(refused.status == 401);
        CHECK(refused.message() == "Unauthorized");
    }
    CHECK(shop.as(next).get("/users/5").status == 404);
    CHECK(shop.published<contracts::user_deleted>().empty());
}

TEST_CASE("recall: numbers that another service of this process knows are not given again")
{
    user_fixture shop;
    surroundings at;
    at.has_heard_of(40);
    at.has_heard_of(12);
    at.tells("USER_CREATED", "9");
    shop.runs().recall(at.known);
    CHECK(shop.sign_up("next@example.com").id == 41);
}

TEST_CASE("recall: where nothing is lost nothing changes")
{
    user_fixture shop;
    surroundings at;
    shop.runs().recall(at.known);
    REQUIRE(shop.sign_up("first@example.com").id == 1);
    at.tells("USER_CREATED", "1");
    at.tells("USER_CREATED", "no number");
    at.tells("USER_CREATED", "2x");
    at.tells("USER_CREATED", "99999999999999999999");
    at.has_heard_of(1);
    std::int64_t const before = shop.db().figures().groups;
    shop.runs().recall(at.known);
    CHECK(shop.db().figures().groups == before);
    CHECK(shop.sign_up("second@example.com").id == 2);
}

TEST_CASE("recall: a log that is away is asked again with the next tidying")
{
    user_fixture shop;
    surroundings at;
    at.tells("USER_CREATED", "5");
    at.log.away = true;
    shop.runs().recall(at.known);
    shop.runs().tidy_up();
    at.log.away = false;
    shop.runs().tidy_up();
    CHECK(shop.sign_up("next@example.com").id == 6);
}

TEST_CASE(
    "highest_told: reads no further back than to the newest creation, however much came since")
{
    surroundings at;
    CHECK(actions::highest_told(at.log, "users") == 0);
    for (int number = 1; number <= 3; ++number)
        at.tells("USER_CREATED", "7");
    for (int number = 0; number < 600; ++number)
        at.tells("USER_UPDATED", "7");
    CHECK(actions::highest_told(at.log, "users") == 7);
    CHECK(at.log.fetched == 603);

    at.tells("USER_CREATED", "7");
    at.log.fetched = 0;
    CHECK(actions::highest_told(at.log, "users") == 7);
    CHECK(at.log.fetched <= 256);
}

}  // namespace mc::user_service
