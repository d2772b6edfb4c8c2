#include "platform/db/recorded_migrations.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace mc
{
namespace
{

std::span<migration const> series_of(std::string_view name, std::span<migration const> service)
{
    return name == "platform" ? platform_migrations() : service;
}

// Those of the series that are not recorded.
std::ptrdiff_t missing_of(std::string_view series, std::span<recorded_migration const> recorded,
                          std::span<migration const> service, sql_dialect dialect)
{
    auto const is_recorded = [&](migration const& each)
    {
        return std::ranges::any_of(recorded, [&](recorded_migration const& done)
                                   { return done.series == series && done.number == each.number; });
    };
    return std::ranges::count_if(series_of(series, service), [&](migration const& each)
                                 { return each.dialect == dialect && !is_recorded(each); });
}

}  // namespace

finding state_of_schema(std::span<recorded_migration const> recorded,
                        std::span<migration const> service, sql_dialect dialect)
{
    if (recorded.empty())
        return {"has no tables yet; serve makes them"};
    for (recorded_migration const& each : recorded)
    {
        bool const is_known = std::ranges::any_of(series_of(each.series, service),
                                                  [&](migration const& one)
                                                  {
                                                      return one.dialect == dialect &&
                                                             one.number == each.number &&
                                                             one.name == each.name;
                                                  });
        if (!is_known)
            return {fmt::format("is newer than this program, which does not know its {} migration "
                                "{:04}_{}",
                                each.series, each.number, each.name),
                    "start the newer program, or restore the backup made before it"};
        if (!each.is_done)
            return {fmt::format("its {} migration {:04}_{} was begun and is not done", each.series,
                                each.number, each.name),
                    "it may be under way; else `microcommerce migrate` goes on with it"};
    }
    std::ptrdiff_t const missing = missing_of("platform", recorded, service, dialect) +
                                   missing_of("service", recorded, service, dialect);
    if (missing > 0)
        return {fmt::format("is older than this program: {} migration(s) are not applied", missing),
                "back up, then `microcommerce migrate`, or start serve, which does it too"};
    return {fmt::format("schema up to date, {} migrations", recorded.size())};
}

}  // namespace mc
