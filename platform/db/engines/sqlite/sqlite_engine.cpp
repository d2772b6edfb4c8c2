#include "platform/db/engines/sqlite/sqlite_engine.hpp"

#include <mutex>
#include <utility>

#include <sqlite3.h>

#include "platform/db/engines/sqlite/handles.hpp"

namespace mc
{

namespace
{

class sqlite_source final : public engine::source
{
public:
    explicit sqlite_source(sqlite_options options) : options_(std::move(options))
    {
        // Counting its own memory makes SQLite take one lock for all connections at every
        // allocation.
        static std::once_flag configured;
        std::call_once(configured, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
    }

    engine::shape how() const noexcept override
    {
        return {1, options_.group_actions_max, engine::shape::reads::inline_on_io};
    }

    std::unique_ptr<engine::connection> connect(engine::purpose what_for) override
    {
        return std::make_unique<sqlite::connection>(options_, what_for);
    }

private:
    sqlite_options options_;
};

}  // namespace

std::unique_ptr<engine::source> make_sqlite_engine(sqlite_options options)
{
    return std::make_unique<sqlite_source>(std::move(options));
}

}  // namespace mc
