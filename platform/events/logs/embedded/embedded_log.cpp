#include "platform/events/logs/embedded/embedded_log.hpp"

#include <array>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/db/engines/sqlite/sqlite_engine.hpp"
#include "platform/db/migrate.hpp"
#include "platform/events/logs/embedded/reader.hpp"
#include "platform/events/logs/embedded/store.hpp"
#include "platform/events/logs/embedded/writer.hpp"

namespace mc
{

namespace
{

class sqlite_log final : public embedded_log
{
public:
    sqlite_log(std::unique_ptr<engine::source> on, embedded_log_options const& options)
        : engine_(std::move(on)),
          partitions_(options.partitions),
          writer_(engine_->connect(engine::purpose::write), topics_, options.now)
    {
        writer_.load_topics();
        browsing_ = engine_->connect(engine::purpose::read);
    }

    ~sqlite_log() override { close(); }

    void make_topics(std::span<std::string const> names) override
    {
        std::vector<std::string> missing;
        for (std::string const& name : names)
            if (topics_.find(name) == nullptr)
                missing.push_back(name);
        if (!missing.empty())
            writer_.make_topics(missing, partitions_);
    }

    void append(std::span<outgoing_record const> batch) override { writer_.append(batch); }

    std::vector<log_record> fetch(std::string_view topic, int partition, std::int64_t offset,
                                  std::size_t max) override
    {
        embedded::topic_state const* const known = topics_.find(topic);
        if (known == nullptr)
            return {};
        std::lock_guard const lock(browsing_mutex_);
        if (!browsing_)
            throw outage("the event log is closed");
        snapshot from(*browsing_);
        return embedded::store::records(from, known->id, topic, partition, offset, max);
    }

    std::vector<partition_range> ranges(std::string_view topic) override
    {
        std::vector<partition_range> found;
        embedded::topic_state const* const known = topics_.find(topic);
        if (known == nullptr)
            return found;
        for (embedded::partition_state const& part : known->partitions)
            found.push_back({static_cast<int>(found.size()), part.first, part.end});
        return found;
    }

    std::unique_ptr<log_reader> join(std::string_view group, std::vector<std::string> topics,
                                     stored_offsets stored) override
    {
        std::vector<embedded::topic_state*> known;
        for (std::string const& name : topics)
        {
            known.push_back(topics_.find(name));
            if (known.back() == nullptr)
                throw std::logic_error("a reader of topic " + name + ", which nobody made");
        }
        return std::make_unique<embedded::reader>(engine_->connect(engine::purpose::read), writer_,
                                                  std::string(group), std::move(known),
                                                  std::move(stored));
    }

    std::int64_t purge(timestamp before) override { return writer_.purge(before, purge_rows_max); }

    void close() override
    {
        {
            std::lock_guard const lock(browsing_mutex_);
            browsing_.reset();
        }
        writer_.close();
    }

private:
    std::unique_ptr<engine::source> engine_;
    int partitions_;
    embedded::topic_map topics_;
    embedded::writer writer_;
    std::mutex browsing_mutex_;
    std::unique_ptr<engine::connection> browsing_;
};

}  // namespace

std::unique_ptr<embedded_log> embedded_log::open(embedded_log_options options)
{
    std::unique_ptr<engine::source> on = make_sqlite_engine({.file = options.file, .name = "log"});
    {
        std::unique_ptr<engine::connection> const making = on->connect(engine::purpose::migrate);
        std::array const all{migration_series{"log", embedded::store::migrations()}};
        migrate(*making, options.file.string(), all, options.now.now());
    }
    return std::make_unique<sqlite_log>(std::move(on), options);
}

}  // namespace mc
