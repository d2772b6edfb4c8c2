#pragma once

#include <string>
#include <string_view>

#include "platform/core/time.hpp"

// A mail as text: RFC 5322 with RFC 2047 headers and a quoted-printable body (RFC 2045), so that it
// passes any server unchanged. Lines end with CRLF.
namespace mc::message
{

struct parts
{
    std::string_view from;
    std::string_view from_name;  // May be empty.
    std::string_view to;
    std::string_view subject;
    std::string_view text;
    std::string_view id;  // For Message-ID, without the angle brackets.
    timestamp date;
};

std::string compose(parts const& of);

// The pieces, for reading our own files back.
std::string encode_header(std::string_view utf8);  // Unchanged when it is short plain ASCII.
std::string decode_header(std::string_view field);
std::string encode_quoted_printable(std::string_view text);
std::string decode_quoted_printable(std::string_view body);
std::string date_of(timestamp at);  // "Sun, 22 Nov 2026 19:24:54 +0000"

}  // namespace mc::message
