#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/refused.hpp"
#include "platform/http/request.hpp"

// The head of a request, RFC 9112, read strictly and by this code alone: a second parser that
// understood a byte differently would be how requests are smuggled.
namespace mc::http
{

// The fields somebody here looks at. Others are checked and skipped.
enum class field : std::uint8_t
{
    accept,
    access_control_request_headers,
    authorization,
    connection,
    content_encoding,
    content_length,
    content_type,
    expect,
    host,
    idempotency_key,
    if_match,
    if_none_match,
    origin,
    traceparent,
    transfer_encoding,
    x_forwarded_for,
    x_internal_token,
    x_request_deadline_ms,
    x_request_id
};
inline constexpr std::size_t field_count = 19;

enum class framing : std::uint8_t
{
    none,
    length,
    chunked
};

enum class persistence : std::uint8_t
{
    close,
    keep
};

// A checked head. The texts are parts of the bytes it was read from.
struct request_head
{
    method verb = method::get;
    std::string_view target;
    std::array<std::string_view, field_count> fields =
        {};  // Without white space around; a null pointer: not there.
    framing body = framing::none;
    std::uint64_t content_length = 0;
    persistence after = persistence::keep;
    enum class version : std::uint8_t
    {
        http_1_0,
        http_1_1
    } spoken = version::http_1_1;

    std::string_view operator[](field name) const noexcept
    {
        return fields[static_cast<std::size_t>(name)];
    }
    bool has(field name) const noexcept { return (*this)[name].data() != nullptr; }

    // All X-Forwarded-For lines as the one list they are, RFC 9110 §5.3: each proxy may add a line
    // of its own instead of going on with the last one.
    std::string_view forwarded_for() const noexcept
    {
        return joined_forwarded_for.empty() ? (*this)[field::x_forwarded_for]
                                            : std::string_view(joined_forwarded_for);
    }
    std::string joined_forwarded_for = {};  // Empty: there was one line at most.
};

struct head_limits
{
    std::size_t bytes;
    std::size_t request_line_bytes;
    std::size_t fields;  // At most head_fields_capacity.
};
inline constexpr std::size_t head_fields_capacity = 256;

// Finds the end of a head that arrives in pieces, each byte looked at once.
class head_scanner
{
public:
    enum class found
    {
        more,    // Not all there yet.
        all,     // size() bytes are the head.
        refused  // why() says it.
    };

    // `bytes` begins with the head's first byte and only grows from call to call.
    found look_at(std::string_view bytes, head_limits const& limits);
    std::size_t size() const noexcept { return size_; }
    refused const& why() const noexcept { return *why_; }
    void reset() noexcept;

    // Line by line without the CRLF; the first is the request line, the blank one at the end is
    // left out.
    std::size_t lines() const noexcept { return line_count_; }
    std::string_view line(std::string_view bytes, std::size_t number) const noexcept;

private:
    found refuse(int status, std::string_view message);

    std::array<std::uint32_t, head_fields_capacity + 1> ends_ =
        {};  // Of each line, where its CR is.
    std::size_t line_count_ = 0;
    std::size_t start_ = 0;  // Of the line being looked for.
    std::size_t looked_at_ = 0;
    // Of the request line: behind one blank line, which RFC 9112 §2.2 lets pass.
    std::size_t first_ = 0;
    std::size_t size_ = 0;
    std::optional<refused> why_;
};

// Of a head the scanner has found whole. What it refuses is answered and the connection closed.
std::optional<refused> parse_head(std::string_view bytes, head_scanner const& scanned,
                                  request_head& into);

// Is `token` one of the comma-separated words, whatever their case?
bool has_token(std::string_view list, std::string_view token) noexcept;
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;  // ASCII.
std::string_view without_blanks(std::string_view text) noexcept;  // SP and HTAB at both ends.
// RFC 9110 §5.6.2: not empty, and only the characters of a token.
bool is_token(std::string_view text) noexcept;
// Visible characters, blanks, tabs and bytes above ASCII: what a field's value may hold.
bool is_field_value(std::string_view text) noexcept;

}  // namespace mc::http
