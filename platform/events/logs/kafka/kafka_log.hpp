#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"
#include "platform/events/event_log.hpp"

namespace mc
{

// Unset files: the system's list of authorities, and no certificate of our own. All are PEM.
struct kafka_tls
{
    bool certificate_is_checked = true;  // The brokers', with the name by which they are called.
    std::string authorities_file = {};
    std::string certificate_file = {};
    std::string key_file = {};
    secret key_password = {};
};

struct kafka_account
{
    std::string mechanism;  // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
    std::string user;
    secret password;
};

struct kafka_log_options
{
    std::string brokers;  // host:port, several comma separated; they name the rest of the cluster.
    std::optional<kafka_tls> tls = {};          // Unset: unencrypted.
    std::optional<kafka_account> account = {};  // Unset: nobody in particular.
    // Of topics made from now on:
    int partitions = 3;
    int replication = 0;  // Copies of each partition; 0: as many as the brokers' default says.
    std::int64_t retention_days = 0;  // 0: for ever.
    // After so long without an acknowledgement, or an answer, the log counts as away.
    milliseconds send_time_max{30'000};
    milliseconds answer_time_max{5'000};
};

// Apache Kafka as the log. Nothing is asked of the brokers here, so they may be away. Throws
// std::invalid_argument with a sentence when the options cannot be used (a file that is missing, a
// mechanism that does not exist).
std::unique_ptr<event_log> open_kafka_log(kafka_log_options options);

}  // namespace mc
