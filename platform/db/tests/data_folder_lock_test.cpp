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

TEST_CASE("a folder that cannot be made is a clear outage")
{
    CHECK_THROWS_AS(data_folder_lock{"/proc/nowhere/data"}, outage);
}

}  // namespace mc::testing_db
