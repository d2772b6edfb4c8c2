#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/logs/kafka/client.hpp"

// What the brokers know of topics. Each call waits for their answer at most `wait`, then throws
// outage.
namespace mc::kafka::topics
{

using counts = std::map<std::string, int, std::less<>>;

// Every topic with its number of partitions. All are asked for, because asking for one by name
// makes it on brokers that make topics by themselves, in their own way.
counts list(rd_kafka_s* by, kafka_log_options const& options, milliseconds wait);

// Makes topics as the options say; one that exists meanwhile is left as it is.
void make(rd_kafka_s* by, kafka_log_options const& options, std::span<std::string const> names,
          milliseconds wait);

// Of partitions 0 … `partitions` - 1; empty when the topic does not exist any more.
std::vector<partition_range> ranges(rd_kafka_s* by, kafka_log_options const& options,
                                    std::string const& topic, int partitions, milliseconds wait);

// Of several topics with one question a broker. Nothing when not all of it was answered: ask for
// each, which goes after leaders that have moved and topics that have gone.
std::optional<std::map<std::string, std::vector<partition_range>>> ranges_of(rd_kafka_s* by,
                                                                             counts const& topics,
                                                                             milliseconds wait);

}  // namespace mc::kafka::topics
