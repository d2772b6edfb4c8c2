#include <doctest/doctest.h>

#include "platform/runtime/keys.hpp"
#include "platform/runtime/tests/fixture.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

constexpr char const* strong = "b7Qf2-kX9mZ4w-vT6yP1s-dR8uL3e-hN5";
constexpr char const* third_strong = "q8Ws-e5Rt-y2Uz-i0Op-a7Sd-f4Gh-j1Kl-x3Cv";
constexpr char const* other_strong = "zY1-xW2-vU3-tS4-rQ5-pO6-nM7-lK8-jI9";

result<signing_keys> load(temporary_folder const& data_dir,
                          std::map<std::string, std::string> environment = {})
{
    std::unique_ptr<config> const settings = settings_of(std::move(environment));
    return load_signing_keys(*settings, data_dir.path());
}

}  // namespace

TEST_CASE("keys: made once, of 48 random bytes each, and kept for the next start")
{
    temporary_folder folder;
    result<signing_keys> const first = load(folder);
    REQUIRE(first);
    CHECK(first->tokens.reveal().size() == 96);
    CHECK(first->internal.reveal().size() == 96);
    CHECK(first->tokens.reveal() != first->internal.reveal());
    CHECK(!first->tokens_previous);

    result<signing_keys> const second = load(folder);
    REQUIRE(second);
    CHECK(second->tokens.reveal() == first->tokens.reveal());
    CHECK(second->internal.reveal() == first->internal.reveal());
    temporary_folder elsewhere;
    CHECK(load(elsewhere)->tokens.reveal() != first->tokens.reveal());
}

TEST_CASE("keys: only the owner can read them")
{
    temporary_folder folder;
    REQUIRE(load(folder));
    CHECK(mode_of(folder / "secrets") == 0700);
    CHECK(mode_of(folder / "secrets/jwt") == 0600);
    CHECK(mode_of(folder / "secrets/internal") == 0600);
    // A folder that somebody has opened is closed again.
    std::filesystem::permissions(folder / "secrets", std::filesystem::perms::all);
    REQUIRE(load(folder));
    CHECK(mode_of(folder / "secrets") == 0700);
}

TEST_CASE("keys: no draft of a secret stays behind")
{
    temporary_folder folder;
    REQUIRE(load(folder));
    std::size_t files = 0;
    for (auto const& each : std::filesystem::directory_iterator(folder / "secrets"))
    {
        CHECK(each.path().extension() != ".new");
        ++files;
    }
    CHECK(files == 2);
}

TEST_CASE("keys: those that are given are used, and none is made for them")
{
    temporary_folder folder;
    result<signing_keys> const keys = load(folder, {{"JWT_SECRET", strong},
                                                    {"JWT_SECRET_PREVIOUS", other_strong},
                                                    {"INTERNAL_TOKEN_SECRET", third_strong}});
    REQUIRE(keys);
    CHECK(keys->tokens.reveal() == strong);
    CHECK(keys->tokens_previous->reveal() == other_strong);
    CHECK(keys->internal.reveal() == third_strong);
    CHECK(!std::filesystem::exists(folder / "secrets"));
}

TEST_CASE("keys: one for both kinds of token is refused, wherever it comes from, and not shown")
{
    temporary_folder folder;
    REQUIRE(load(folder));
    folder.write("secrets/jwt", std::string(strong) + "\n");
    std::map<std::string, std::string> const rows[] = {
        {{"JWT_SECRET", strong}, {"INTERNAL_TOKEN_SECRET", strong}},
        {{"INTERNAL_TOKEN_SECRET", strong}},
        {{"JWT_SECRET", other_strong},
         {"JWT_SECRET_PREVIOUS", strong},
         {"INTERNAL_TOKEN_SECRET", strong}},
    };
    for (auto const& environment : rows)
    {
        result<signing_keys> const keys = load(folder, environment);
        REQUIRE(!keys);
        CHECK(keys.error().message ==
              "INTERNAL_TOKEN_SECRET must be another key than JWT_SECRET and "
              "JWT_SECRET_PREVIOUS; make one with `openssl rand -base64 48`");
        CHECK(fault_of_both_keys(*settings_of(environment), folder.path()) == keys.error().message);
    }
}

TEST_CASE("keys: a weak one is refused by its name when settings are read, and shown nowhere")
{
    struct row
    {
        std::string value;
        char const* why;
    };
    row const rows[] = {
        {"s3cr3t-of-31-bytes-abcdefghijkl", " must have at least 32 bytes"},
        {std::string(64, 'x'), " is made of too few different characters; make one with `openssl "
                               "rand -base64 48`"},
        {"this-is-your-256-bit-key-for-all-of-it",
         " looks like the default of an example; make one with `openssl rand -base64 48`"},
    };
    REQUIRE(rows[0].value.size() == 31);
    for (char const* key : {"JWT_SECRET", "JWT_SECRET_PREVIOUS", "INTERNAL_TOKEN_SECRET"})
        for (row const& each : rows)
        {
            CAPTURE(key);
            CAPTURE(each.why);
            result<std::unique_ptr<config>> const made =
                config::load(inputs_of({{key, each.value}}));
            REQUIRE(!made);
            CHECK(made.error().message ==
                  "The configuration cannot be used: " + (key + std::string(each.why)));
        }
    temporary_folder folder;
    CHECK(load(folder, {{"JWT_SECRET", "s3cr3t-of-32-bytes-abcdefghijklm"}}).has_value());
}

TEST_CASE("keys: a kept one that somebody has replaced by a weak one is refused, too")
{
    temporary_folder folder;
    REQUIRE(load(folder));
    folder.write("secrets/jwt", "short\n");
    result<signing_keys> const keys = load(folder);
    REQUIRE(!keys);
    CHECK(keys.error().message ==
          (folder / "secrets/jwt").string() + " must have at least 32 bytes");
    folder.write("secrets/jwt", std::string("  ") + strong + "\n");
    CHECK(load(folder)->tokens.reveal() == strong);
}

TEST_CASE("keys: a file that holds none is refused and not overwritten")
{
    temporary_folder folder;
    REQUIRE(load(folder));
    for (char const* nothing : {"", "\n", "   \n"})
    {
        folder.write("secrets/internal", nothing);
        result<signing_keys> const keys = load(folder);
        REQUIRE(!keys);
        CHECK(keys.error().message ==
              (folder / "secrets/internal").string() + ": cannot be read or is empty");
        CHECK(text_of(folder / "secrets/internal") == nothing);
    }
}

TEST_CASE("fault_of_kept_keys: says what is missing or unusable, and makes nothing")
{
    temporary_folder folder;
    std::unique_ptr<config> const settings = settings_of({});
    std::string const jwt = (folder / "secrets/jwt").string();
    CHECK(fault_of_kept_keys(*settings, folder.path()) == jwt + " is missing");
    CHECK(!std::filesystem::exists(folder / "secrets"));
    CHECK(!fault_of_kept_keys(
        *settings_of({{"JWT_SECRET", strong}, {"INTERNAL_TOKEN_SECRET", other_strong}}),
        folder.path()));

    REQUIRE(load(folder));
    CHECK(!fault_of_kept_keys(*settings, folder.path()));
    folder.write("secrets/jwt", "short\n");
    CHECK(fault_of_kept_keys(*settings, folder.path()) == jwt + " must have at least 32 bytes");
    folder.write("secrets/jwt", "\n");
    CHECK(fault_of_kept_keys(*settings, folder.path()) == jwt + ": cannot be read or is empty");
    std::filesystem::remove(folder / "secrets/internal");
    CHECK(fault_of_kept_keys(*settings_of({{"JWT_SECRET", strong}}), folder.path()) ==
          (folder / "secrets/internal").string() + " is missing");
}

TEST_CASE("keys: a folder that cannot be made is one clear sentence")
{
    temporary_folder folder;
    folder.write("secrets", "a file where the folder should be");
    result<signing_keys> const keys = load(folder);
    REQUIRE(!keys);
    CHECK(keys.error().code == "config.secret_file");
    CHECK(keys.error().message.starts_with((folder / "secrets").string()));
}

TEST_CASE("kept_secret: as many random bytes as asked for, each name its own")
{
    temporary_folder folder;
    result<secret> const eight = kept_secret(folder.path(), "eight", 8);
    REQUIRE(eight);
    CHECK(eight->reveal().size() == 16);
    CHECK(eight->reveal().find_first_not_of("0123456789abcdef") == std::string_view::npos);
    CHECK(kept_secret(folder.path(), "eight", 99)->reveal() == eight->reveal());
    CHECK(kept_secret(folder.path(), "other", 8)->reveal() != eight->reveal());
}
