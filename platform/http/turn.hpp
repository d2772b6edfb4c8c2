#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/http/head.hpp"
#include "platform/http/limiter.hpp"
#include "platform/http/router.hpp"
#include "platform/http/target.hpp"
#include "platform/observe/call.hpp"

namespace mc::http
{

// One request of a connection, from its first byte to its last answer byte.
struct turn
{
    steady_time began;
    request_head head = {};
    target_parts target = {};
    call_context call = {};
    found_route found = {};
    request in = {};
    std::string head_copy =
        {};  // Where the texts above are when the body did not come together with the head.
    std::string forwarded =
        {};  // The client's address, when a trusted proxy named another than the peer's.
    std::optional<limiter::verdict> rate = {};
    route_metrics* counted_as = nullptr;
    std::size_t input_used = 0;  // Bytes of the input that belong to it and are not consumed yet.
    enum class kind : std::uint8_t
    {
        usual,
        preflight,
        malformed
    } is = kind::usual;
    enum class rest : std::uint8_t
    {
        read,
        unread
    } body = rest::read;  // Unread: only closing ends it.
};

}  // namespace mc::http
