#include "platform/http/encode.hpp"

namespace mc::http
{

response encoded(no_content&&)
{
    response made;
    made.status = 204;
    made.content_type = {};
    return made;
}

response encoded(raw_reply&& value)
{
    response made;
    made.status = value.status;
    made.body = std::move(value.bytes);
    made.content_type = {};
    made.own_content_type = std::move(value.content_type);
    made.headers = std::move(value.headers);
    return made;
}

response encoded(answer&& value)
{
    response made;
    made.status = value.status;
    made.body = std::move(value.body);
    if (value.is_replayed == replayed::yes)
        made.headers.push_back({"Idempotency-Replayed", "true"});
    return made;
}

}  // namespace mc::http
