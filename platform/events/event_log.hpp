#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.hpp"

namespace mc
{

// What a relay hands to the log. The partition follows from the key (see partition_of).
struct outgoing_record
{
    std::string topic;  // The actual name.
    std::string key;
    std::string headers;  // As add_header writes them.
    std::string value;
};

struct log_record
{
    std::string topic;
    int partition = 0;
    std::int64_t offset = 0;  // Grows by one per record of a partition, from 0.
    timestamp at;             // When the log took it.
    std::string key;
    std::string headers;
    std::string value;
};

// The offsets a partition holds: first ≤ offset < end. `first` grows with retention.
struct partition_range
{
    int partition = 0;
    std::int64_t first = 0;
    std::int64_t end = 0;
};

// Where a group goes on reading a partition; nothing when it has never read it (then: from the
// first). Called on the thread that polls.
using stored_offsets =
    std::function<std::optional<std::int64_t>(std::string_view topic, int partition)>;

// One member of one group. Used by one thread, but for interrupt().
class log_reader
{
public:
    virtual ~log_reader() = default;

    // Before the first poll(): says in `reads`, which outlives it, whether it has its partitions
    // and has looked up where to go on. That happens within poll(), and at Kafka it may end again.
    virtual void says_in(std::atomic<bool>& reads) noexcept = 0;
    // The next records of the partitions this member has, in order per partition, at most `max`;
    // waits up to `wait` for the first one. Empty when there is none, or after interrupt().
    virtual std::vector<log_record> poll(milliseconds wait, std::size_t max) = 0;
    // Deliver again from `offset` on: what was polled could not be kept.
    virtual void rewind(std::string_view topic, int partition, std::int64_t offset) = 0;
    // Any thread: the poll that is running or else the next one returns at once.
    virtual void interrupt() noexcept = 0;
};

// A durable, partitioned log: the embedded one (logs/embedded) or Kafka. Thread-safe. Every call
// throws `outage` when the log is away; the caller waits and tries again.
class event_log
{
public:
    virtual ~event_log() = default;

    // Makes those that are missing.
    virtual void make_topics(std::span<std::string const> names) = 0;
    // Returns when all records are durable, in this order per key. When it throws, any part of them
    // may have been stored: sending all of them again is right, consumers drop duplicates by event
    // id.
    virtual void append(std::span<outgoing_record const> batch) = 0;
    // From `offset` on (or from the first that is still there), at most `max`.
    virtual std::vector<log_record> fetch(std::string_view topic, int partition,
                                          std::int64_t offset, std::size_t max) = 0;
    // One entry per partition; empty for a topic that does not exist.
    virtual std::vector<partition_range> ranges(std::string_view topic) = 0;
    // The same of several topics, which may be one question; those that do not exist have none.
    virtual std::map<std::string, std::vector<partition_range>> ranges_of(
        std::span<std::string const> topics)
    {
        std::map<std::string, std::vector<partition_range>> found;
        for (std::string const& topic : topics)
            found[topic] = ranges(topic);
        return found;
    }
    // A member of `group` that reads `topics`. It must be destroyed before the log.
    virtual std::unique_ptr<log_reader> join(std::string_view group,
                                             std::vector<std::string> topics,
                                             stored_offsets stored) = 0;

    // The last that was asked of it got no answer. What is committed waits in the outboxes.
    virtual bool is_away() const noexcept { return false; }
    // Removes records older than `before`, at most purge_rows_max; returns how many, so that the
    // caller goes on while it is purge_rows_max. Offsets are never used again. Logs that see to it
    // by themselves do nothing.
    virtual std::int64_t purge(timestamp) { return 0; }
    static constexpr std::int64_t purge_rows_max = 1000;
    // The process ends: from now on nobody is kept waiting for a log that does not answer.
    virtual void hurry() noexcept {}
    // Any call after this throws outage; a running poll returns.
    virtual void close() {}
};

// Kafka's default partitioner, so that a key has the same partition whoever writes it: murmur2 as
// in Java (org.apache.kafka.common.utils.Utils.murmur2) and kafkajs, positive part modulo
// `partitions`.
int partition_of(std::string_view key, int partitions) noexcept;

}  // namespace mc
