#include "platform/db/engines/mysql/mysql_engine.hpp"

#include <mysql.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/db/engines/mysql/handles.hpp"

namespace mc
{

namespace
{

class mysql_source final : public engine::source
{
public:
    explicit mysql_source(mysql_options options) : options_(std::move(options))
    {
        static std::once_flag begun;  // The library's own beginning is not thread-safe.
        std::call_once(begun,
                       []
                       {
                           if (mysql_server_init(0, nullptr, nullptr) != 0)
                               throw outage("libmariadb could not be initialised");
                       });
    }

    engine::shape how() const noexcept override
    {
        int const writers = std::max(1, options_.pool_size / 2);
        int const readers = std::max(2, options_.pool_size - writers);
        return {.writers = writers,
                .group_actions_max = 1,
                .point_reads = engine::shape::reads::on_reader_threads,
                .readers = readers - readers / 2,
                .look_up_readers = readers / 2,
                .kept_by = engine::shape::company::shared};
    }

    std::unique_ptr<engine::connection> connect(engine::purpose what_for) override
    {
        return std::make_unique<mysql::connection>(options_, what_for, learned_);
    }

private:
    mysql_options const options_;
    mysql::server_facts learned_;
};

}  // namespace

std::unique_ptr<engine::source> make_mysql_engine(mysql_options options)
{
    return std::make_unique<mysql_source>(std::move(options));
}

}  // namespace mc
