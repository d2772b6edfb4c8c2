#pragma once

#include <cstddef>

#include "platform/events/event.hpp"

namespace mc::kafka
{

// What one record may weigh with key and headers: the limit of the topics we make. A topic made by
// somebody else has Kafka's own, 1 MiB, unless they raised it (max.message.bytes).
inline constexpr std::size_t record_bytes_max = 2 * event_bytes_max;

}  // namespace mc::kafka
