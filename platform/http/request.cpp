#include "platform/http/request.hpp"

#include <array>

namespace mc::http
{

namespace
{

constexpr std::array<std::string_view, method_count> method_names{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"};

}  // namespace

std::string_view name_of(method verb) noexcept
{
    return method_names[static_cast<std::size_t>(verb)];
}

std::optional<method> method_from(std::string_view word) noexcept
{
    for (std::size_t i = 0; i < method_names.size(); ++i)
        if (method_names[i] == word)
            return static_cast<method>(i);
    return std::nullopt;
}

}  // namespace mc::http
