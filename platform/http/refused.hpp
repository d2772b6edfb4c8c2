#pragma once

#include <string>
#include <string_view>

namespace mc::http
{

// Why a request is answered before any handler sees it.
struct refused
{
    int status;
    std::string_view code;  // A literal, "request.malformed".
    std::string message;
};

}  // namespace mc::http
