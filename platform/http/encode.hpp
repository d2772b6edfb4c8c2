#pragma once

#include <string>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/request.hpp"
#include "platform/json/write.hpp"

// What a handler answers → response. One overload per form of handler.hpp.
namespace mc::http
{

response refusal(error const& why);

template <class T>
response encoded(T&& value)  // NOLINT(cppcoreguidelines-missing-std-forward): only written
{
    response made;
    json::write(made.body, value);
    return made;
}

template <class T>
response encoded(created<T>&& value)
{
    response made;
    made.status = 201;
    json::write(made.body, value.value);
    return made;
}

template <class T>
response encoded(reply<T>&& value)
{
    response made;
    made.status = value.status;
    json::write(made.body, value.body);
    made.headers = std::move(value.headers);
    return made;
}

response encoded(no_content&&);
response encoded(raw_reply&& value);
response encoded(answer&& value);  // Idempotency-Replayed: true when it is a replay.

}  // namespace mc::http
