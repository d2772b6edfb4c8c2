#include "platform/http/versions.hpp"

#include <functional>

#include <fmt/format.h>

#include "platform/core/id.hpp"
#include "platform/core/text.hpp"

namespace mc::http
{

std::string version_tag(std::int64_t version) { return fmt::format("\"v{}\"", version); }

std::string version_tag(std::int64_t version, std::string_view what_else_is_shown)
{
    return fmt::format("\"v{}-{:x}\"", version, std::hash<std::string_view>{}(what_else_is_shown));
}

std::optional<std::vector<std::int64_t>> versions_named(std::string_view if_match)
{
    std::string_view const whole = trimmed(if_match);
    if (whole.empty() || whole == "*")
        return std::nullopt;
    std::vector<std::int64_t> versions;
    while (!if_match.empty())
    {
        std::size_t const comma = if_match.find(',');
        std::string_view tag = trimmed(if_match.substr(0, comma));
        if_match.remove_prefix(comma == std::string_view::npos ? if_match.size() : comma + 1);
        if (tag.starts_with("W/"))
            tag.remove_prefix(2);
        if (!tag.starts_with("\"v") || !tag.ends_with('"') || tag.size() < 4)
            continue;
        tag = tag.substr(2, tag.size() - 3);
        if (std::optional<std::int64_t> const version = parse_id(tag.substr(0, tag.find('-'))))
            versions.push_back(*version);
    }
    return versions;
}

}  // namespace mc::http
