#include "platform/http/head.hpp"

#include <charconv>

#include <fmt/format.h>

namespace mc::http
{

namespace
{

enum class repeats : std::uint8_t
{
    refused,  // Two of them would leave open which one counts.
    last      // Nobody's safety rests on it. (X-Forwarded-For: see request_head.)
};

struct known_field
{
    std::string_view name;
    repeats when;
};

// In the order of `field`.
constexpr std::array<known_field, field_count> known_fields{{
    {"accept", repeats::last},
    {"access-control-request-headers", repeats::last},
    {"authorization", repeats::refused},
    {"connection", repeats::last},
    {"content-encoding", repeats::refused},
    {"content-length", repeats::refused},
    {"content-type", repeats::refused},
    {"expect", repeats::refused},
    {"host", repeats::refused},
    {"idempotency-key", repeats::refused},
    {"if-match", repeats::refused},
    {"if-none-match", repeats::last},
    {"origin", repeats::refused},
    {"traceparent", repeats::last},
    {"transfer-encoding", repeats::refused},
    {"x-forwarded-for", repeats::last},
    {"x-internal-token", repeats::refused},
    {"x-request-deadline-ms", repeats::refused},
    {"x-request-id", repeats::last},
}};

constexpr std::array<bool, 256> token_characters = []
{
    std::array<bool, 256> allowed{};
    for (char const c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
        allowed[static_cast<unsigned char>(c)] = true;
    return allowed;
}();

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

refused malformed(std::string message) { return {400, "request.malformed", std::move(message)}; }

std::optional<std::size_t> index_of(std::string_view name) noexcept
{
    char const first = lower(name.front());
    for (std::size_t i = 0; i < known_fields.size(); ++i)
    {
        std::string_view const known = known_fields[i].name;
        if (known.size() == name.size() && known.front() == first &&
            equal_ignoring_case(known, name))
            return i;
    }
    return std::nullopt;
}

// "HTTP/" DIGIT "." DIGIT (RFC 9112 §2.3).
bool is_http_version(std::string_view text) noexcept
{
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() == 8 && text.starts_with("HTTP/") && digit(text[5]) && text[6] == '.' &&
           digit(text[7]);
}

std::optional<refused> parse_request_line(std::string_view line, request_head& into)
{
    std::size_t const first = line.find(' ');
    std::size_t const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || last - first < 2)
        return malformed("Malformed request line");
    std::string_view const word = line.substr(0, first);
    into.target = line.substr(first + 1, last - first - 1);
    std::string_view const version = line.substr(last + 1);
    if (into.target.find(' ') != std::string_view::npos)
        return malformed("Malformed request line");
    if (version == "HTTP/1.1")
        into.spoken = request_head::version::http_1_1;
    else if (version == "HTTP/1.0")
        into.spoken = request_head::version::http_1_0;
    else if (is_http_version(version))
        return refused{505, "request.version", "HTTP version not supported"};
    else
        return malformed("Malformed request line");
    std::optional<method> const verb = method_from(word);
    if (!verb)
        return malformed("Unknown method");
    into.verb = *verb;
    return std::nullopt;
}

std::optional<refused> parse_field(std::string_view line, request_head& into,
                                   std::string_view& connection)
{
    if (line.front() == ' ' || line.front() == '\t')
        return malformed("Folded header field");
    std::size_t const colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return malformed("Malformed header field");
    std::string_view const value = without_blanks(line.substr(colon + 1));
    if (!is_field_value(value))
        return malformed("Control character in a header field");
    std::optional<std::size_t> const known = index_of(line.substr(0, colon));
    if (!known)
        return std::nullopt;
    if (into.fields[*known].data() != nullptr && known_fields[*known].when == repeats::refused)
        return malformed(fmt::format("More than one {} header", known_fields[*known].name));
    // A `close` in any of several Connection fields counts.
    if (*known == static_cast<std::size_t>(field::connection) && connection.empty() &&
        has_token(value, "close"))
        connection = value;
    if (*known == static_cast<std::size_t>(field::x_forwarded_for) &&
        into.has(field::x_forwarded_for))
        into.joined_forwarded_for = fmt::format("{}, {}", into.forwarded_for(), value);
    into.fields[*known] = value;
    return std::nullopt;
}

// host [ ":" port ] without what belongs to other parts of a URL; a comma would be two of them
// merged.
bool is_host(std::string_view host) noexcept
{
    std::size_t const colon = host.rfind(':');
    std::string_view name = host;
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos)
    {
        std::string_view const port = host.substr(colon + 1);
        std::uint32_t number = 0;
        auto const [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (!port.empty() &&
            (failed != std::errc{} || end != port.data() + port.size() || number > 65'535))
            return false;
        name = host.substr(0, colon);
    }
    bool const literal = name.starts_with('[') && name.ends_with(']');
    if (literal)
        name = name.substr(1, name.size() - 2);
    for (char const c : name)
        if (!token_characters[static_cast<unsigned char>(c)] && !(literal && c == ':'))
            return false;
    return true;
}

std::optional<refused> check_framing(request_head& head)
{
    bool const modern = head.spoken == request_head::version::http_1_1;
    if (modern && !head.has(field::host))
        return malformed("Missing Host header");
    if (head.has(field::host) && !is_host(head[field::host]))
        return malformed("Malformed Host header");
    if (head.has(field::transfer_encoding))
    {
        if (head.has(field::content_length))
            return malformed("Both Transfer-Encoding and Content-Length");
        if (!modern || head[field::transfer_encoding] != "chunked")
            return malformed("Unsupported Transfer-Encoding");
        head.body = framing::chunked;
    }
    else if (head.has(field::content_length))
    {
        std::string_view const digits = head[field::content_length];
        if (digits.empty() || digits.size() > 18 ||
            digits.find_first_not_of("0123456789") != std::string_view::npos)
            return malformed("Malformed Content-Length");
        std::from_chars(digits.data(), digits.data() + digits.size(), head.content_length);
        head.body = head.content_length > 0 ? framing::length : framing::none;
    }
    if (head.has(field::expect) && !equal_ignoring_case(head[field::expect], "100-continue"))
        return refused{417, "request.expectation", "Unsupported expectation"};
    return std::nullopt;
}

}  // namespace

std::optional<refused> parse_head(std::string_view bytes, head_scanner const& scanned,
                                  request_head& into)
{
    into = request_head{};
    std::optional<refused> why = parse_request_line(scanned.line(bytes, 0), into);
    if (why)
        return why;
    std::string_view closing;
    for (std::size_t i = 1; i < scanned.lines(); ++i)
    {
        why = parse_field(scanned.line(bytes, i), into, closing);
        if (why)
            return why;
    }
    std::string_view const connection = closing.empty() ? into[field::connection] : closing;
    if (into.spoken == request_head::version::http_1_0)
        into.after = has_token(connection, "keep-alive") && closing.empty() ? persistence::keep
                                                                            : persistence::close;
    else
        into.after = closing.empty() ? persistence::keep : persistence::close;
    return check_framing(into);
}

bool is_token(std::string_view text) noexcept
{
    for (char const c : text)
        if (!token_characters[static_cast<unsigned char>(c)])
            return false;
    return !text.empty();
}

bool is_field_value(std::string_view text) noexcept
{
    for (char const c : text)
        if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F)
            return false;
    return true;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept
{
    if (left.size() != right.size())
        return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (lower(left[i]) != lower(right[i]))
            return false;
    return true;
}

std::string_view without_blanks(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool has_token(std::string_view list, std::string_view token) noexcept
{
    while (!list.empty())
    {
        std::size_t const comma = list.find(',');
        if (equal_ignoring_case(without_blanks(list.substr(0, comma)), token))
            return true;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return false;
}

}  // namespace mc::http
