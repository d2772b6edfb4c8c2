#include <doctest/doctest.h>

#include "platform/runtime/env_file.hpp"
#include "platform/runtime/tests/fixture.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

using entries = std::map<std::string, std::string>;

result<entries> read(temporary_folder const& in, std::string_view text)
{
    return read_env_file(in.write("settings.env", text), absent_file::is_refused);
}

}  // namespace

TEST_CASE("read_env_file: the forms a line may have")
{
    temporary_folder folder;
    struct row
    {
        char const* line;
        char const* key;
        char const* value;
    };
    row const rows[] = {
        {"PORT=3001", "PORT", "3001"},
        {"PORT=3001\r\n", "PORT", "3001"},
        {"  PORT \t=  3001  ", "PORT", "3001"},
        {"export PORT=3001", "PORT", "3001"},
        {"EMPTY=", "EMPTY", ""},
        {"QUOTED=\"a b # c\"", "QUOTED", "a b # c"},
        {"QUOTED='a \"b\"'", "QUOTED", "a \"b\""},
        {"QUOTED=\"\"", "QUOTED", ""},
        {"BLANKS=\"  kept  \"", "BLANKS", "  kept  "},
        {"ODD=\"half", "ODD", "\"half"},
        {"ODD=\"a'", "ODD", "\"a'"},
        {"ODD=\"", "ODD", "\""},
        {"SECRET=a=b==", "SECRET", "a=b=="},
        {"HASH=a#b", "HASH", "a#b"},
        {"ESCAPE=\"a\\nb\"", "ESCAPE", "a\\nb"},
        {"_low_er9=x", "_low_er9", "x"},
        {"NAME=Zoë 张", "NAME", "Zoë 张"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.line);
        result<entries> const found = read(folder, each.line);
        REQUIRE(found);
        CHECK(*found == entries{{each.key, each.value}});
    }
}

TEST_CASE("read_env_file: comments and empty lines are passed over, the last line needs no end")
{
    temporary_folder folder;
    result<entries> const found =
        read(folder, "# a shop\n\n   \n\t# more\nA=1\n\nexport B='2'\n#C=3\nD=4");
    REQUIRE(found);
    CHECK(*found == entries{{"A", "1"}, {"B", "2"}, {"D", "4"}});
    CHECK(read(folder, "")->empty());
    CHECK(read(folder, "# nothing")->empty());
}

TEST_CASE("read_env_file: a line of another form is refused with its number")
{
    temporary_folder folder;
    struct row
    {
        char const* text;
        char const* why;
    };
    row const rows[] = {
        {"PORT", "line 1 is not KEY=value"},
        {"A=1\nnonsense\n", "line 2 is not KEY=value"},
        {"# a\n\n=5", "line 3 is not KEY=value"},
        {"9A=1", "line 1 is not KEY=value"},
        {"A B=1", "line 1 is not KEY=value"},
        {"A-B=1", "line 1 is not KEY=value"},
        {"A.B=1", "line 1 is not KEY=value"},
        {"export =1", "line 1 is not KEY=value"},
        {"É=1", "line 1 is not KEY=value"},
        {"A=1\nB=2\nA=1\n", "line 3 sets A a second time"},
        {"A=1\nexport A=2\n", "line 2 sets A a second time"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.text);
        result<entries> const found = read(folder, each.text);
        REQUIRE(!found);
        CHECK(found.error().code == "config.env_file");
        CHECK(found.error().message == (folder / "settings.env").string() + ": " + each.why);
    }
}

TEST_CASE("read_env_file: no value of the file is repeated in a refusal")
{
    temporary_folder folder;
    result<entries> const found = read(folder, "A=1\nmy-secret-value\n");
    REQUIRE(!found);
    CHECK(found.error().message.find("my-secret-value") == std::string::npos);
}

TEST_CASE("read_env_file: 64 KiB are read, one byte more is refused")
{
    temporary_folder folder;
    std::string const stem = "A=";
    std::string const most = stem + std::string(env_file_bytes_max - stem.size(), 'x');
    REQUIRE(read(folder, most));
    CHECK(read(folder, most)->at("A").size() == env_file_bytes_max - stem.size());
    result<entries> const above = read(folder, most + "x");
    REQUIRE(!above);
    CHECK(above.error().message.ends_with("is not a file of at most 65536 bytes"));
}

TEST_CASE("read_env_file: a missing file is empty or refused as asked, a folder always refused")
{
    temporary_folder folder;
    CHECK(read_env_file(folder / "none", absent_file::is_empty)->empty());
    result<entries> const missing = read_env_file(folder / "none", absent_file::is_refused);
    REQUIRE(!missing);
    CHECK(missing.error().message.ends_with("there is no such file"));
    CHECK(!read_env_file(folder.path(), absent_file::is_empty));
    CHECK(!read_env_file(folder.path(), absent_file::is_refused));
}
