#pragma once

#include "platform/events/event_log.hpp"

struct rd_kafka_message_s;

namespace mc::kafka
{

log_record record_of(rd_kafka_message_s const& message);

}  // namespace mc::kafka
