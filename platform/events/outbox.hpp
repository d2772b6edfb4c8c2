#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/write.hpp"

namespace mc
{

class database;

namespace outbox
{

// An event on its way into the outbox: the head of its envelope is written already.
struct draft
{
    std::string value;
};

draft begin(transaction const& tx, event_type const& type);
void store(transaction& tx, draft ready, event_type const& type, std::string_view key,
           std::optional<std::int64_t> aggregate_version);

// Tells the world, if and only if the caller's transaction commits: one row in its outbox, which
// the relay sends. Producer, trace and occurredAt come from the transaction, the event id is a new
// UUID. Throws std::length_error above event_bytes_max.
template <event_struct E>
void add(transaction& tx, E const& happened)
{
    draft event = begin(tx, E::type);
    json::write(event.value, happened);
    event.value += '}';
    store(tx, std::move(event), E::type, event_key(happened.key()), aggregate_version_of(happened));
}

// The same for many of one transaction, with few statements: at a database server each is a round
// trip. What was added is in the outbox once store() has returned, and not without it.
class several
{
public:
    explicit several(transaction& tx) noexcept : tx_(tx) {}
    several(several const&) = delete;
    several& operator=(several const&) = delete;

    // As of tx.call() now: producer and trace are those of this moment.
    template <event_struct E>
    void add(E const& happened)
    {
        draft event = begin(tx_, E::type);
        json::write(event.value, happened);
        event.value += '}';
        keep(std::move(event), E::type, event_key(happened.key()), aggregate_version_of(happened));
    }
    void store();

    struct event
    {
        std::string_view topic;
        std::string key;
        std::optional<std::int64_t> aggregate_version;
        std::string_view event_type;
        std::int64_t event_version;
        std::string_view producer;
        std::string traceparent;
        std::string value;
    };

private:
    void keep(draft ready, event_type const& type, std::string key,
              std::optional<std::int64_t> aggregate_version);

    transaction& tx_;
    std::vector<event> events_;
};

// A row as the relay sends it.
struct row
{
    std::int64_t id;
    std::string topic;  // The default name.
    std::string key;
    std::optional<std::int64_t> aggregate_version;
    std::string event_type;
    std::int64_t event_version;
    std::string producer;
    std::string traceparent;  // Empty when the change was made for nobody in particular.
    std::string value;
};
MC_DESCRIBE(row, id, topic, key, aggregate_version, event_type, event_version, producer,
            traceparent, value)

// Keys and values that are sent at once. A row that is larger by itself is sent alone.
inline constexpr std::size_t batch_bytes_max = 1024 * 1024;

// The rows after `after`, oldest first, at most `max` and together within batch_bytes_max.
std::vector<row> next_rows(snapshot& from, std::int64_t after, std::int64_t max);
// The same without the rows in `sent`, which ascends.
std::vector<row> next_rows_but(snapshot& from, std::int64_t after, std::int64_t max,
                               std::vector<std::int64_t> const& sent);
// Deletes exactly these rows. The ids ascend.
result<> remove(transaction& tx, std::vector<std::int64_t> const& ids);
std::int64_t count(snapshot& from);

}  // namespace outbox
}  // namespace mc
