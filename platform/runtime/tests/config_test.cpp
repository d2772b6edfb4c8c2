#include <doctest/doctest.h>

#include <set>

#include <fmt/format.h>

#include "platform/runtime/tests/fixture.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

constexpr setting sample[] = {
    {"NAME", setting_kind::text, "nobody", "A name"},
    {"COUNT", setting_kind::whole_number, "5", "A number", 1, 10},
    {"WAIT_MS", setting_kind::duration_ms, "250", "A time (ms)", 0, 1000},
    {"COLOUR", setting_kind::word, "red", "A colour", 0, 0, "red,green"},
    {"WHERE_URL", setting_kind::url, "", "A service"},
    {"PEERS", setting_kind::address_list, "", "Addresses"},
    {"HIDDEN", setting_kind::secret, "", "A secret"},
    {"OLD", setting_kind::ignored, "", "Of the replaced system"},
    {"ELSEWHERE", setting_kind::unavailable, "", "needs another engine"},
    {"PORT", setting_kind::whole_number, "", "A port", 1, 65535},
    {"DB_NAME", setting_kind::text, "", "A name of a database"},
    {"KAFKA_GROUP_ID", setting_kind::text, "", "A group"},
};

config::inputs with(std::map<std::string, std::string> environment,
                    std::vector<std::string> services = {"user", "cart"})
{
    config::inputs from;
    from.environment = std::move(environment);
    from.dot_env = "/nowhere/.env";
    from.services = std::move(services);
    from.known.assign(std::begin(sample), std::end(sample));
    return from;
}

std::unique_ptr<config> loaded(config::inputs from)
{
    result<std::unique_ptr<config>> made = config::load(std::move(from));
    REQUIRE(made);
    return std::move(*made);
}

// The sentences of a refusal, one per line; empty when it is accepted.
std::string complaints(std::map<std::string, std::string> environment)
{
    result<std::unique_ptr<config>> const made = config::load(with(std::move(environment)));
    std::string lines;
    if (!made)
        for (violation const& each : made.error().violations)
            lines += fmt::format("{}{} {}", lines.empty() ? "" : "\n", each.field, each.message);
    return lines;
}

config::line line_of(config const& of, std::string_view key)
{
    for (config::line const& each : of.lines())
        if (each.key == key)
            return each;
    return {};
}

}  // namespace

TEST_CASE("config: what nobody sets has its default")
{
    std::unique_ptr<config> const settings = loaded(with({}));
    CHECK(settings->text("NAME") == "nobody");
    CHECK(settings->number("COUNT") == 5);
    CHECK(settings->duration("WAIT_MS") == milliseconds(250));
    CHECK(!settings->given("NAME"));
    CHECK(!settings->hidden("HIDDEN"));
    CHECK(line_of(*settings, "NAME").source == setting_source::built_in);
    CHECK(settings->warnings().empty());
}

TEST_CASE("config: command line beats environment beats --env-file beats .env")
{
    temporary_folder folder;
    config::inputs from = with({});
    from.dot_env = folder.write(".env", "NAME=dot\nCOUNT=1\nCOLOUR=green\n");
    CHECK(loaded(from)->text("NAME") == "dot");
    CHECK(line_of(*loaded(from), "NAME").source == setting_source::dot_env);

    from.env_file = folder.write("shop.env", "NAME=file\nCOUNT=2\n");
    CHECK(loaded(from)->text("NAME") == "file");
    CHECK(line_of(*loaded(from), "NAME").source == setting_source::env_file);

    from.environment = {{"NAME", "environment"}};
    CHECK(loaded(from)->text("NAME") == "environment");
    CHECK(line_of(*loaded(from), "NAME").source == setting_source::environment);
    CHECK(loaded(from)->number("COUNT") == 2);
    CHECK(loaded(from)->text("COLOUR") == "green");

    from.forced = {{"NAME", "command line"}};
    CHECK(loaded(from)->text("NAME") == "command line");
}

TEST_CASE("config: a service's own key beats the common one, wherever each is set")
{
    temporary_folder folder;
    config::inputs from = with({{"NAME", "common"}});
    from.dot_env = folder.write(".env", "CART_NAME=cart's\n");
    std::unique_ptr<config> const settings = loaded(from);
    CHECK(settings->text("NAME", "cart") == "cart's");
    CHECK(settings->text("NAME", "user") == "common");
    CHECK(settings->text("NAME") == "common");
    CHECK(settings->given("NAME", "cart") == "cart's");
    CHECK(line_of(*settings, "CART_NAME").value == "cart's");
    CHECK(line_of(*settings, "CART_NAME").source == setting_source::dot_env);
}

TEST_CASE("config: an empty variable is an unset one")
{
    temporary_folder folder;
    config::inputs from = with({{"NAME", ""}, {"COUNT", ""}, {"ELSEWHERE", ""}});
    from.dot_env = folder.write(".env", "NAME=dot\n");
    std::unique_ptr<config> const settings = loaded(from);
    CHECK(settings->text("NAME") == "dot");
    CHECK(settings->number("COUNT") == 5);
}

TEST_CASE("config: a value that cannot be is refused, on both sides of every limit")
{
    struct row
    {
        char const* key;
        char const* value;
        char const* complaint;  // Empty: accepted.
    };
    constexpr char const* count = "COUNT must be a whole number from 1 to 10, not ";
    constexpr char const* wait = "WAIT_MS must be a whole number from 0 to 1000, not ";
    constexpr char const* url = "WHERE_URL must be http(s)://host[:port], not ";
    row const rows[] = {
        {"COUNT", "1", ""},
        {"COUNT", "10", ""},
        {"COUNT", "0", count},
        {"COUNT", "11", count},
        {"COUNT", "-1", count},
        {"COUNT", "5 ", count},
        {"COUNT", "+5", count},
        {"COUNT", "5x", count},
        {"COUNT", "0x5", count},
        {"COUNT", "5.0", count},
        {"COUNT", "99999999999999999999", count},
        {"WAIT_MS", "0", ""},
        {"WAIT_MS", "1000", ""},
        {"WAIT_MS", "1001", wait},
        {"WAIT_MS", "5s", wait},
        {"COLOUR", "green", ""},
        {"COLOUR", "Green", "COLOUR must be one of red,green, not "},
        {"COLOUR", "re", "COLOUR must be one of red,green, not "},
        {"COLOUR", "red,green", "COLOUR must be one of red,green, not "},
        {"WHERE_URL", "http://cart", ""},
        {"WHERE_URL", "https://cart.example:8443/", ""},
        {"WHERE_URL", "http://[::1]:3002", ""},
        {"WHERE_URL", "cart:3002", url},
        {"WHERE_URL", "ftp://cart", url},
        {"WHERE_URL", "http://", url},
        {"WHERE_URL", "http://cart/path", url},
        {"WHERE_URL", "http://cart?x=1", url},
        {"WHERE_URL", "http://cart#x", url},
        {"WHERE_URL", "http://a:b@cart", url},
        {"PEERS", "10.0.0.0/8, ::1,fd00::/8", ""},
        {"ELSEWHERE", "there", "ELSEWHERE needs another engine"},
        {"NAME", "anything at all", ""},
        {"OLD", "whatever", ""},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.key);
        CAPTURE(each.value);
        std::string const said = complaints({{each.key, each.value}});
        if (*each.complaint == '\0')
            CHECK(said.empty());
        else if (std::string_view(each.complaint).ends_with("not "))
            CHECK(said == fmt::format("{}\"{}\"", each.complaint, each.value));
        else
            CHECK(said == each.complaint);
    }
    for (char const* no_addresses : {"10.0.0.0/33", "proxy.example", "10.0.0", "::1/129"})
    {
        CAPTURE(no_addresses);
        CHECK(complaints({{"PEERS", no_addresses}})
                  .starts_with("PEERS holds something else than addresses: "));
    }
}

TEST_CASE("config: a service's own value is checked like the common one")
{
    CHECK(complaints({{"CART_COUNT", "11"}}) ==
          "CART_COUNT must be a whole number from 1 to 10, not \"11\"");
    CHECK(complaints({{"CART_COUNT", "10"}}).empty());
}

TEST_CASE("config: everything that is wrong is told at once, as one sentence and one by one")
{
    temporary_folder folder;
    config::inputs from = with({{"COUNT", "0"}, {"COLOUR", "blue"}, {"PORT", "3001"}});
    from.env_file = folder.write("shop.env", "NMAE=typo\n");
    result<std::unique_ptr<config>> const made = config::load(from);
    REQUIRE(!made);
    CHECK(made.error().code == "config.invalid");
    CHECK(made.error().violations.size() == 4);
    CHECK(
        made.error().message ==
        "The configuration cannot be used: NMAE is not a setting; `microcommerce config`, without "
        "this file, lists them; PORT is ambiguous with several services in one process; use e.g. "
        "CART_PORT; COLOUR must be one of red,green, not \"blue\"; COUNT must be a whole number "
        "from 1 to 10, not \"0\"");
}

TEST_CASE("config: unknown keys are refused in a named file, told of in .env, passed over outside")
{
    temporary_folder folder;
    config::inputs from = with({{"HOME", "/root"}, {"LANG", "C"}});
    from.dot_env = folder.write(".env", "NMAE=typo\n");
    std::unique_ptr<config> const settings = loaded(from);
    CHECK(settings->warnings() ==
          std::vector<std::string>{"NMAE in .env is not a setting and is ignored"});

    from.env_file = folder.write("shop.env", "CART_NAME=x\nORDER_NAME=x\n");
    result<std::unique_ptr<config>> const made = config::load(from);
    REQUIRE(!made);
    // The order service does not run here.
    REQUIRE(made.error().violations.size() == 1);
    CHECK(made.error().violations[0].field == "ORDER_NAME");
}

TEST_CASE("config: a file that is named must be there and readable")
{
    temporary_folder folder;
    config::inputs from = with({});
    from.env_file = folder / "none.env";
    CHECK(!config::load(from));
    from.env_file = folder.write("bad.env", "nonsense\n");
    result<std::unique_ptr<config>> const made = config::load(from);
    REQUIRE(!made);
    CHECK(made.error().message.ends_with("bad.env: line 1 is not KEY=value"));
    from.env_file.reset();
    from.dot_env = folder / "bad.env";
    CHECK(!config::load(from));
}

TEST_CASE("config: what means one service each is ambiguous bare, where several run together")
{
    for (char const* key : {"PORT", "DB_NAME", "KAFKA_GROUP_ID"})
    {
        CAPTURE(key);
        CHECK(complaints({{key, "3001"}}) ==
              fmt::format("{0} is ambiguous with several services in one process; use e.g. "
                          "CART_{0}",
                          key));
        CHECK(loaded(with({{key, "3001"}}, {"cart"}))->text(key, "cart") == "3001");
        CHECK(loaded(with({{std::string("CART_") + key, "3001"}}))->text(key, "cart") == "3001");
    }
}

TEST_CASE("config: secrets are never shown, nor what the replaced system may have kept secret")
{
    std::unique_ptr<config> const settings =
        loaded(with({{"HIDDEN", "hush"}, {"CART_HIDDEN", "hush2"}, {"OLD", "hush3"}}));
    CHECK(settings->hidden("HIDDEN")->reveal() == "hush");
    CHECK(settings->hidden("HIDDEN", "cart")->reveal() == "hush2");
    for (config::line const& each : settings->lines())
    {
        CAPTURE(each.key);
        CHECK(each.value.find("hush") == std::string::npos);
    }
    CHECK(line_of(*settings, "HIDDEN").value == "***");
    CHECK(line_of(*settings, "CART_HIDDEN").value == "***");
    CHECK(line_of(*loaded(with({})), "HIDDEN").value.empty());
    CHECK(settings->warnings() ==
          std::vector<std::string>{"OLD is accepted and does nothing here"});
}

TEST_CASE("config: asking for a key that nobody declared is a bug of ours")
{
    std::unique_ptr<config> const settings = loaded(with({}));
    CHECK_THROWS_AS((void)settings->text("NOBODY"), std::logic_error);
    CHECK_THROWS_AS((void)settings->number("PORT"), std::logic_error);
}

TEST_CASE("platform_settings: every default is one that could be set, every key stands there once")
{
    std::set<std::string_view> names;
    for (setting const& each : platform_settings())
    {
        CAPTURE(each.name);
        CHECK(names.insert(each.name).second);
        CHECK(!each.meaning.empty());
        if (each.default_value.empty())
            continue;
        config::inputs from =
            inputs_of({{std::string(each.name), std::string(each.default_value)}});
        from.services = {"user"};
        CHECK(config::load(std::move(from)).has_value());
    }
}

TEST_CASE("config: what this build cannot do stops the start instead of doing less")
{
    config::inputs from = inputs_of({{"ORACLE_HOST", "db.example"}});
    from.known.push_back({"ORACLE_HOST", setting_kind::unavailable, "",
                          "needs an engine, which this build does not have"});
    result<std::unique_ptr<config>> const made = config::load(std::move(from));
    REQUIRE(!made);
    CHECK(made.error().message == "The configuration cannot be used: ORACLE_HOST needs an engine, "
                                  "which this build does not have");
}

TEST_CASE("config: HOST is an address or localhost, and is looked at before anything listens")
{
    auto const said = [](std::string const& key, std::string const& value)
    {
        result<std::unique_ptr<config>> const made = config::load(inputs_of({{key, value}}));
        return made ? std::string() : made.error().message;
    };
    for (char const* good : {"127.0.0.1", "0.0.0.0", "::1", "::", "localhost"})
        CHECK(said("HOST", good).empty());
    for (char const* bad : {"999.1.1.1", "127.0.0.1:3001", "shop.example", " "})
        CHECK(said("HOST", bad) ==
              fmt::format("The configuration cannot be used: HOST must be an IP address of this "
                          "machine or localhost, not \"{}\"",
                          bad));
    CHECK(said("CART_HOST", "x").contains("CART_HOST must be"));
}

TEST_CASE("platform_settings: a key that takes one of some words names each in its meaning")
{
    int count = 0;
    for (setting const& each : platform_settings())
        for (std::string const& word : comma_separated(each.words))
        {
            CAPTURE(each.name);
            CAPTURE(word);
            CHECK(each.meaning.contains(word));
            ++count;
        }
    CHECK(count > 15);
}

TEST_CASE("comma_separated: blanks around the words go, and so do empty ones")
{
    CHECK(comma_separated("").empty());
    CHECK(comma_separated(" , ,").empty());
    CHECK(comma_separated("a") == std::vector<std::string>{"a"});
    CHECK(comma_separated(" a, b c,,d ,") == std::vector<std::string>{"a", "b c", "d"});
}

TEST_CASE("process_environment: holds what this process was started with")
{
    std::map<std::string, std::string> const environment = process_environment();
    REQUIRE(environment.contains("PATH"));
    CHECK(environment.at("PATH") == ::getenv("PATH"));
}
