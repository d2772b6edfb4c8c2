#include "platform/db/data_folder_lock.hpp"

#include "platform/db/tests/fixture.hpp"

namespace mc::testing_db
{

TEST_CASE("a data folder has one owner at a time, and the refusal names folder and process")
{
    temporary_folder const parent;
    std::filesystem::path const folder = parent.path() / "data";
    {
        data_folder_lock const held(folder);
        CHECK(data_folder_lock::holder(folder) == ::getpid());
        CHECK_THROWS_WITH_AS(
            data_folder_lock{folder},
            fmt::format("the data folder {} is in use by process {}; stop it, or choose another "
                        "DATA_DIR",
                        folder.string(), ::getpid())
                .c_str(),
            folder_in_use);
        CHECK(data_folder_lock::holder(folder) ==
              ::getpid());  // Looking and failing let nothing go.
    }
    CHECK(!data_folder_lock::holder(folder));
    data_folder_lock const again(folder);
    CHECK(data_folder_lock::holder(folder) == ::getpid());
}

TEST_CASE("a new data folder is for its owner only, and a folder that never was has no holder")
{
    temporary_folder const parent;
    std::filesystem::path const folder = parent.path() / "deep" / "data";
    CHECK(!data_folder_lock::holder(folder));
    data_folder_lock const held(folder);
    CHECK(std::filesystem::status(folder).permissions() == std::filesystem::perms::owner_all);
}

TEST_CASE("a folder that others can write into is refused, with the command that mends it")
{
    temporary_folder const parent;
    std::filesystem::path const folder = parent.path() / "data";
    using enum std::filesystem::perms;
    std::filesystem::create_directories(folder);
    for (auto const open : {owner_all | group_write, owner_all | others_write, all})
    {
        std::filesystem::permissions(folder, open);
        std::string const why = fmt::format("the data folder {0} can be written by others than its "
                                            "owner; run `chmod go-w {0}`",
                                            folder.string());
        CHECK(fault_of_folder(folder) == why);
        CHECK_THROWS_WITH_AS(data_folder_lock{folder}, why.c_str(), outage);
        CHECK(!std::filesystem::exists(folder / "lock"));
    }
    // Who may only look is let be: the secrets have modes of their own.
    std::filesystem::permissions(folder, owner_all | group_read | group_exec | others_exec);
    CHECK(!fault_of_folder(folder));
    CHECK(!fault_of_folder(folder / "none"));
    data_folder_lock const held(folder);
}

TEST_CASE("a folder that cannot be made is a clear outage")
{
    CHECK_THROWS_AS(data_folder_lock{"/proc/nowhere/data"}, outage);
}

}  // namespace mc::testing_db
