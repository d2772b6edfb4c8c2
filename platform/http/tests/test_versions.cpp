#include <doctest/doctest.h>

#include "platform/http/versions.hpp"

namespace mc::http
{

using versions = std::vector<std::int64_t>;

TEST_CASE("versions: a tag names its version in quotes, and what else is shown tells two apart")
{
    CHECK(version_tag(7) == "\"v7\"");
    std::string const five = version_tag(7, "five in stock");
    CHECK(five.starts_with("\"v7-"));
    CHECK(five.ends_with("\""));
    CHECK(five != version_tag(7, "six in stock"));
    CHECK(five == version_tag(7, "five in stock"));
}

TEST_CASE("versions: no header and * ask for nothing")
{
    CHECK(!versions_named(""));
    CHECK(!versions_named("  "));
    CHECK(!versions_named("*"));
    CHECK(!versions_named(" * "));
}

TEST_CASE("versions: every tag of ours is read, with what follows its version")
{
    CHECK(versions_named("\"v7\"") == versions{7});
    CHECK(versions_named(" \"v7\" ,W/\"v12\"") == versions{7, 12});
    CHECK(versions_named(version_tag(7, "five in stock")) == versions{7});
}

TEST_CASE("versions: a tag of somebody else's names none, which is not the same as any")
{
    for (std::string_view const strange :
         {"7", "v7", "\"7\"", "\"v\"", "\"v0\"", "\"v-1\"", "\"v1x\"", "\"v07\"", "\"x\""})
    {
        CAPTURE(strange);
        CHECK(versions_named(strange) == versions{});
    }
    CHECK(versions_named("\"x\", \"v3\"") == versions{3});
    // RFC 9110 §13.1.1: the star stands alone or means nothing.
    CHECK(versions_named("\"v1\", *") == versions{1});
    CHECK(versions_named("*, \"v9\"") == versions{9});
    CHECK(versions_named("*, *") == versions{});
}

}  // namespace mc::http
