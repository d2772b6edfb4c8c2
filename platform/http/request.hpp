#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/handler.hpp"

namespace mc::http
{

enum class method : std::uint8_t
{
    get,
    head,
    post,
    put,
    patch,
    del,
    options,
    trace
};
inline constexpr std::size_t method_count = 8;

std::string_view name_of(method verb) noexcept;  // "DELETE"
// Case-sensitive, RFC 9110 §9.1.
std::optional<method> method_from(std::string_view word) noexcept;

// One request as the router sees it: its head is checked, its body read, decoded and within the
// limit. The texts belong to whoever made it and live until the router has answered.
struct request
{
    method verb = method::get;
    std::string_view target;  // As sent.
    // Of the target, still percent-encoded, checked, and without a trailing slash.
    std::string_view path;
    std::string_view query;  // Behind the '?', raw.
    std::string_view body;
    std::string_view authorization;
    std::string_view accept;
    std::string_view if_none_match;
    std::string_view if_match;
    std::optional<std::string_view> idempotency_key;  // The header's value as sent.
    std::string_view address;
    internal_call is_internal = internal_call::no;
};

// What is sent back; the transport adds what every answer carries.
struct response
{
    int status = 200;
    std::string body;
    std::string_view content_type =
        "application/json; charset=utf-8";  // A literal, or own_content_type.
    std::string own_content_type;           // Beats content_type when not empty.
    std::vector<header> headers;
    std::string_view code = {};  // Of an error, for the log. A literal.
    enum class caching : std::uint8_t
    {
        no_store,
        allowed
    } cache = caching::no_store;
};

}  // namespace mc::http
