#include "platform/http/target.hpp"

#include <array>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "platform/core/text.hpp"

namespace mc::http
{

namespace
{

// RFC 3986 §3.3: pchar without '%', and '/'.
constexpr std::array<bool, 256> path_characters = []
{
    std::array<bool, 256> allowed{};
    for (char const c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                          "-._~!$&'()*+,;=:@/"))
        allowed[static_cast<unsigned char>(c)] = true;
    return allowed;
}();

// What may stand in a query: RFC 3986 §3.4, and what browsers send there as it is (the WHATWG URL
// standard's query percent-encode set leaves it alone).
constexpr std::array<bool, 256> query_characters = []
{
    std::array<bool, 256> allowed = path_characters;
    for (char const c : std::string_view("?%[]\\^`{|}"))
        allowed[static_cast<unsigned char>(c)] = true;
    return allowed;
}();

refused malformed(std::string_view what) { return {400, "request.malformed", std::string(what)}; }

refused undecodable(std::string_view segment)
{
    return {400, "request.path", fmt::format("Failed to decode param '{}'", segment)};
}

refused bad_path() { return {400, "request.path", "Invalid path"}; }

refused bad_query() { return {400, "request.query", "Invalid query"}; }

// The octets an escape must not hide: what ends or changes a path.
bool may_be_encoded(unsigned char octet) noexcept
{
    return octet >= 0x20 && octet != 0x7F && octet != '/' && octet != '\\' && octet != '.';
}

std::optional<refused> check_segment(std::string_view segment)
{
    if (segment == "." || segment == "..")
        return bad_path();
    if (segment.find('%') == std::string_view::npos)
        return std::nullopt;
    for (std::size_t i = 0; i < segment.size(); ++i)
    {
        if (segment[i] != '%')
            continue;
        int const high = i + 2 < segment.size() ? hex_value(segment[i + 1]) : -1;
        int const low = i + 2 < segment.size() ? hex_value(segment[i + 2]) : -1;
        if (high < 0 || low < 0)
            return undecodable(segment);
        if (!may_be_encoded(static_cast<unsigned char>(high * 16 + low)))
            return bad_path();
        i += 2;
    }
    if (!is_valid_utf8(percent_decoded(segment)))
        return undecodable(segment);
    return std::nullopt;
}

std::optional<refused> check_path(std::string_view path)
{
    if (path.empty() || path.front() != '/')
        return bad_path();
    for (char const c : path)
        if (!path_characters[static_cast<unsigned char>(c)] && c != '%')
            return bad_path();
    std::size_t start = 1;
    while (start < path.size())
    {
        std::size_t const slash = path.find('/', start);
        std::size_t const end = slash == std::string_view::npos ? path.size() : slash;
        if (end == start)
            return bad_path();
        std::optional<refused> why = check_segment(path.substr(start, end - start));
        if (why)
            return why;
        start = end + 1;
    }
    return std::nullopt;
}

std::optional<refused> split(std::string_view origin_form, target_parts& into)
{
    std::size_t const mark = origin_form.find('?');
    into.raw_path = origin_form.substr(0, mark);
    into.query = mark == std::string_view::npos ? std::string_view{} : origin_form.substr(mark + 1);
    std::optional<refused> why = check_path(into.raw_path);
    if (why)
        return why;
    for (char const c : into.query)
        if (!query_characters[static_cast<unsigned char>(c)])
            return bad_query();
    into.path = into.raw_path;
    if (into.path.size() > 1 && into.path.back() == '/')
        into.path.remove_suffix(1);
    return std::nullopt;
}

std::optional<refused> split_absolute(std::string_view target, target_parts& into)
{
    boost::system::result<boost::urls::url_view> const url =
        boost::urls::parse_uri({target.data(), target.size()});
    if (!url || (url->scheme() != "http" && url->scheme() != "https") || !url->has_authority() ||
        url->has_userinfo() || url->encoded_host().empty())
        return malformed("Invalid request target");
    std::size_t const authority = target.find("//") + 2;
    std::size_t const path = target.find_first_of("/?", authority);
    if (path == std::string_view::npos)
        return split("/", into);
    if (target[path] == '/')
        return split(target.substr(path), into);
    std::optional<refused> why = split("/", into);
    into.query = target.substr(path + 1);
    return why;
}

}  // namespace

int hex_value(char digit) noexcept
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char const lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view segment)
{
    std::string decoded;
    decoded.reserve(segment.size());
    for (std::size_t i = 0; i < segment.size(); ++i)
    {
        if (segment[i] != '%' || i + 2 >= segment.size())
        {
            decoded += segment[i];
            continue;
        }
        decoded += static_cast<char>(hex_value(segment[i + 1]) * 16 + hex_value(segment[i + 2]));
        i += 2;
    }
    return decoded;
}

std::optional<refused> parse_target(std::string_view target, method verb, target_parts& into)
{
    for (char const c : target)
        if (c == '#' || static_cast<unsigned char>(c) <= ' ' ||
            static_cast<unsigned char>(c) >= 0x7F)
            return malformed("Invalid request target");
    if (target.starts_with('/'))
        return split(target, into);
    if (target == "*" && verb == method::options)
    {
        into = {target, target, {}};
        return std::nullopt;
    }
    return split_absolute(target, into);
}

}  // namespace mc::http
