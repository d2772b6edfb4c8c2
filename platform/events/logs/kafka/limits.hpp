#pragma once

#include <cstddef>

#include "platform/core/time.hpp"
#include "platform/events/event.hpp"

namespace mc::kafka
{

// What one record may weigh with key and headers: the limit of the topics we make. A topic made by
// somebody else has Kafka's own, 1 MiB, unless they raised it (max.message.bytes).
inline constexpr std::size_t record_bytes_max = 2 * event_bytes_max;

// For an answer, while the last sign was that no broker can be reached; and while the process ends.
inline constexpr milliseconds answer_time_cut_off{1000};
// For a first answer of a partition's leader; later ones may take twice as long each.
inline constexpr milliseconds first_leader_time{500};
// How long a topic's number of partitions is believed.
inline constexpr seconds partitions_known_for{30};

}  // namespace mc::kafka
