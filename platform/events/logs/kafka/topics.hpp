#pragma once

#include <map>
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

}  // namespace mc::kafka::topics
