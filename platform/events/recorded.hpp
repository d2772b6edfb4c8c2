#pragma once

#include <string>
#include <vector>

#include "platform/db/database.hpp"
#include "platform/events/outbox.hpp"
#include "platform/events/subscriptions.hpp"

namespace mc
{

// The envelopes that wait in a database's outbox, oldest first: exactly the bytes a relay would
// send.
std::vector<std::string> recorded_values(database& in, std::string_view event_type);

// For tests of services, which run no relay: what was told so far.
template <event_struct E>
std::vector<E> recorded(database& in)
{
    std::vector<E> told;
    for (std::string const& value : recorded_values(in, E::type.name))
    {
        result<E> happened = read_event_data<E>(value);
        told.push_back(std::move(happened.value()));
    }
    return told;
}

}  // namespace mc
