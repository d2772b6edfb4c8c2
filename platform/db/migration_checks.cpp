#include "platform/db/migration_checks.hpp"

#include <algorithm>
#include <iterator>

#include "platform/core/encoding.hpp"

namespace mc::db_detail
{

std::string migrator::file_of(std::string_view series, int number, std::string_view name)
{
    return fmt::format("{} migration {:04}_{}", series, number, name);
}

std::string migrator::checksum_of(migration const& of) { return hex(sha256(of.sql)); }

std::vector<migration> migrator::known(migration_series const& series) const
{
    std::vector<migration> own;
    std::ranges::copy_if(series.migrations, std::back_inserter(own),
                         [&](migration const& each) { return each.dialect == on.speaks(); });
    int expected = 0;
    for (migration const& each : own)
        if (each.number != ++expected)
            refuse("{} should be number {:04}; number the files from 0001 without gaps",
                   file_of(series.name, each.number, each.name), expected);
    return own;
}

// Numbers have no gaps on either side, so what was applied must be a prefix of what is known.
void migrator::check(std::string_view series, std::vector<migration> const& known,
                     std::vector<applied_migration> const& applied) const
{
    for (applied_migration const& old : applied)
    {
        auto const same = std::ranges::find(known, old.number, &migration::number);
        if (same == known.end())
            refuse("it is newer than this program, which does not know {} (applied {}); start the "
                   "newer program, or restore a backup made before it",
                   file_of(series, old.number, old.name), to_iso(old.applied_at));
        if (same->name != old.name || checksum_of(*same) != old.checksum)
            refuse("{} was changed after it was applied {} as {:04}_{}; put the file back as it "
                   "was and write the change as a new migration",
                   file_of(series, same->number, same->name), to_iso(old.applied_at), old.number,
                   old.name);
    }
    for (std::size_t at = 0; at < applied.size(); ++at)
        if (applied[at].number != known[at].number)
            refuse("{} was never applied although a later one was; restore a backup",
                   file_of(series, known[at].number, known[at].name));
}

}  // namespace mc::db_detail
