#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// Name, version and home of an event. `topic` is the default name; an installation may rename it
// (see topic_names). All three are literals.
struct event_type
{
    std::string_view name;   // "ORDER_CREATED"
    int version;             // 1, 2, …
    std::string_view topic;  // "order-events"
};

// An event is a described struct whose members are the envelope's `data`, with
//     static constexpr event_type type{…};
//     id_of<order> key() const;                      // or std::string: the aggregate it belongs to
//     std::int64_t aggregate_version() const;        // optional: sent as the header
//     aggregateVersion
// Events of one key reach every consumer in the order of their commits.
template <class E>
concept event_struct = requires(E const& happened) {
    { E::type.name } -> std::convertible_to<std::string_view>;
    happened.key();
};

// What a handler may want to know besides the event itself.
struct event_meta
{
    std::string event_id;
    timestamp occurred_at;
    std::string producer;
    std::optional<std::int64_t> aggregate_version;  // From the header; foreign producers send none.
    std::string traceparent;                        // Empty when the event carried none.
};

// The key of a record is text: an id as plain decimal digits.
template <class Entity>
std::string event_key(id_of<Entity> id)
{
    return std::to_string(id.value);
}
inline std::string event_key(std::string key) { return key; }

template <event_struct E>
std::optional<std::int64_t> aggregate_version_of(E const& happened)
{
    if constexpr (requires { happened.aggregate_version(); })
        return happened.aggregate_version();
    else
        return std::nullopt;
}

// A larger event is refused by outbox::add (a bug of ours) and is a dead letter when read.
inline constexpr std::size_t event_bytes_max = 1024 * 1024;
// Longer ids, names of types and of producers make an event a dead letter.
inline constexpr std::size_t event_word_bytes_max = 200;

// Everything of the envelope but `data`, as read from the log. Foreign spellings are understood:
// `event` for `eventType`, `payload` for `data`. Unknown members are ignored.
struct envelope
{
    std::string event_id;
    std::string event_type;
    std::int64_t event_version = 0;
    timestamp occurred_at;
    std::string producer;
};

// Invalid "event.…" when the bytes are no JSON object with the five members above (malformed, not
// UTF-8, `null`, a member missing or of another type) or are more than event_bytes_max.
result<envelope> read_envelope(std::string_view value);

// Everything up to and including `"data":`, the six members in the order of the contract. The
// caller appends the data and '}'.
void write_envelope_head(std::string& out, envelope const& head);

// Topics by their default names, and what this installation calls them (KAFKA_USER_EVENTS_TOPIC …).
// The outbox and the code know defaults only; the relay and the consumer translate.
class topic_names
{
public:
    void rename(std::string default_name, std::string actual)
    {
        actual_[std::move(default_name)] = std::move(actual);
    }
    std::string actual(std::string_view default_name) const;

private:
    std::map<std::string, std::string, std::less<>> actual_;
};

// Headers of a record, kept as text because they are stored more often than they are looked at: one
// line `name:value` each, with '%', CR, LF (and ':' in names) percent-escaped.
void add_header(std::string& headers, std::string_view name, std::string_view value);
std::optional<std::string> find_header(std::string_view headers, std::string_view name);
using header_list = std::vector<std::pair<std::string, std::string>>;
header_list list_headers(std::string_view headers);  // Names and values, in their order.

}  // namespace mc
