#include "platform/mail/message.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace mc::message
{

namespace
{

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
// RFC 2047 §2: a line with an encoded word has at most 76 characters. "Subject: =?UTF-8?B?…?="
// leaves 52, which are 39 bytes.
constexpr std::size_t encoded_word_bytes_max = 39;
constexpr std::size_t plain_header_bytes_max = 66;
constexpr std::size_t quoted_line_max = 76;  // RFC 2045 §6.7, rule 5.
constexpr std::string_view word_begin = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";

std::string base64(std::string_view bytes)
{
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3)
    {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 |
                    (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += at + i <= bytes.size() ? base64_digits[group >> (18 - 6 * i) & 63U] : '=';
    }
    return out;
}

std::string from_base64(std::string_view text)
{
    std::string out;
    std::uint32_t group = 0;
    int bits = 0;
    for (char const c : text)
    {
        std::size_t const digit = base64_digits.find(c);
        if (digit == std::string_view::npos)
            break;
        group = group << 6 | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        out += static_cast<char>(group >> bits & 0xFFU);
    }
    return out;
}

bool is_plain(std::string_view text)
{
    return text.size() <= plain_header_bytes_max && !text.contains("=?") &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

// The longest piece of at most `max` bytes that ends between two characters.
std::size_t piece_length(std::string_view utf8, std::size_t max)
{
    if (utf8.size() <= max)
        return utf8.size();
    std::size_t length = max;
    while (length > 1 && (static_cast<unsigned char>(utf8[length]) & 0xC0U) == 0x80U)
        --length;
    return length;
}

std::string quoted_name(std::string_view name)
{
    if (!is_plain(name))
        return encode_header(name);
    std::string out = "\"";
    for (char const c : name)
    {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

void append_quoted_line(std::string& out, std::string_view line)
{
    std::size_t column = 0;
    for (std::size_t at = 0; at < line.size(); ++at)
    {
        unsigned const byte = static_cast<unsigned char>(line[at]);
        bool const is_last = at + 1 == line.size();
        bool const plain = (byte > ' ' && byte < 0x7F && byte != '=') ||
                           ((byte == ' ' || byte == '\t') && !is_last);
        std::size_t const width = plain ? 1 : 3;
        if (column + width > quoted_line_max - (is_last ? 0 : 1))
        {
            out += "=\r\n";
            column = 0;
        }
        column += width;
        if (plain)
            out += line[at];
        else
        {
            out += '=';
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 15U];
        }
    }
    out += "\r\n";
}

}  // namespace

std::string encode_header(std::string_view utf8)
{
    if (is_plain(utf8))
        return std::string(utf8);
    std::string out;
    while (!utf8.empty())
    {
        std::size_t const length = piece_length(utf8, encoded_word_bytes_max);
        if (!out.empty())
            out += "\r\n ";
        out.append(word_begin).append(base64(utf8.substr(0, length))).append(word_end);
        utf8.remove_prefix(length);
    }
    return out;
}

std::string decode_header(std::string_view field)
{
    std::string out;
    while (!field.empty())
    {
        std::size_t const begin = field.find(word_begin);
        std::size_t const end = begin == std::string_view::npos
                                    ? std::string_view::npos
                                    : field.find(word_end, begin + word_begin.size());
        if (end == std::string_view::npos)
            return out.append(field);
        std::string_view const between = field.substr(0, begin);
        // Blanks between two encoded words are not part of the text (RFC 2047 §6.2).
        if (out.empty() || between.find_first_not_of(" \t\r\n") != std::string_view::npos)
            out.append(between);
        out +=
            from_base64(field.substr(begin + word_begin.size(), end - begin - word_begin.size()));
        field.remove_prefix(end + word_end.size());
    }
    return out;
}

std::string encode_quoted_printable(std::string_view text)
{
    std::string out;
    while (!text.empty())
    {
        std::size_t const end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        append_quoted_line(out, line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string decode_quoted_printable(std::string_view body)
{
    std::string out;
    for (std::size_t at = 0; at < body.size(); ++at)
    {
        char const c = body[at];
        if (c == '\r')
            continue;
        if (c != '=' || at + 2 >= body.size())
        {
            out += c;
            continue;
        }
        std::size_t const high = hex_digits.find(body[at + 1]);
        std::size_t const low = hex_digits.find(body[at + 2]);
        if (high != std::string_view::npos && low != std::string_view::npos)
            out += static_cast<char>(high * 16 + low);
        at += 2;  // A soft line break ("=", CR, LF) leaves nothing.
    }
    return out;
}

std::string date_of(timestamp at)
{
    static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                          "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::chrono::sys_days const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{std::chrono::floor<std::chrono::seconds>(at - day)};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       days[std::chrono::weekday{day}.c_encoding()], unsigned{date.day()},
                       months[unsigned{date.month()} - 1], int{date.year()}, time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

std::string compose(parts const& of)
{
    std::string const from = of.from_name.empty()
                                 ? std::string(of.from)
                                 : fmt::format("{} <{}>", quoted_name(of.from_name), of.from);
    return fmt::format("Date: {}\r\n"
                       "From: {}\r\n"
                       "To: {}\r\n"
                       "Subject: {}\r\n"
                       "Message-ID: <{}>\r\n"
                       "Auto-Submitted: auto-generated\r\n"
                       "MIME-Version: 1.0\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n"
                       "Content-Transfer-Encoding: quoted-printable\r\n"
                       "\r\n"
                       "{}",
                       date_of(of.date), from, of.to, encode_header(of.subject), of.id,
                       encode_quoted_printable(of.text));
}

}  // namespace mc::message
