#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "platform/core/time.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/logs/kafka/kafka_log.hpp"
#include "platform/runtime/config.hpp"
#include "platform/runtime/service.hpp"

namespace mc
{

// KAFKA_BROKER, which may also be called KAFKA_BROKERS; nothing: events go through the embedded
// log. Throws start_refused when the two differ or name no brokers.
std::optional<std::string> kafka_brokers(config const& settings);

// How to reach Kafka; nothing when the log is the embedded one. Throws start_refused likewise.
std::optional<kafka_log_options> kafka_of(config const& settings);

// The group as whose member a service hears events: KAFKA_GROUP_ID, else "cart-service-group".
std::string group_of(service_info const& of, config const& settings);

// The log that the settings ask for. Brokers may be away. Throws start_refused, outage when log.db
// cannot be opened, std::invalid_argument with a sentence when Kafka's client refuses a setting.
std::unique_ptr<event_log> open_log(config const& settings, std::filesystem::path const& data_dir,
                                    clock const& now);

}  // namespace mc
