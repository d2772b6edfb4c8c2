#include "platform/observe/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "platform/core/text.hpp"
#include "platform/observe/trace.hpp"

namespace mc
{

namespace
{

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view cut_mark = "…";

// Bytes that stand in a JSON string as they are, whatever comes next.
constexpr std::array<bool, 256> plain_bytes = []
{
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x7F; ++byte)
        plain[byte] = byte != '"' && byte != '\\';
    return plain;
}();

constexpr bool is_plain(char c) noexcept { return plain_bytes[static_cast<unsigned char>(c)]; }

void append_code(std::string& out, unsigned code)
{
    out += "\\u";
    for (unsigned shift = 16; shift > 0;)
    {
        shift -= 4;
        out += hex_digits[(code >> shift) & 0xFU];
    }
}

// Escapes what begins at `at`; returns the number of bytes it stood for.
std::size_t append_escaped(std::string& out, std::string_view value, std::size_t at)
{
    unsigned const byte = static_cast<unsigned char>(value[at]);
    unsigned const next = at + 1 < value.size() ? static_cast<unsigned char>(value[at + 1]) : 0U;
    unsigned const third = at + 2 < value.size() ? static_cast<unsigned char>(value[at + 2]) : 0U;
    if (byte == '"' || byte == '\\')
    {
        out += '\\';
        out += value[at];
    }
    else if (byte == '\n')
        out += "\\n";
    else if (byte == '\r')
        out += "\\r";
    else if (byte == '\t')
        out += "\\t";
    else if (byte < 0x20 || byte == 0x7F)
        append_code(out, byte);
    else if (byte == 0xC2 && next < 0xA0)
    {
        append_code(out, next);
        return 2;
    }
    else if (byte == 0xE2 && next == 0x80 && (third == 0xA8 || third == 0xA9))
    {
        append_code(out, 0x2000U | (third & 0x3FU));
        return 3;
    }
    else
        out += value[at];
    return 1;
}

std::string_view cut(std::string_view value, bool& was_cut) noexcept
{
    was_cut = value.size() > fact_bytes_max;
    if (!was_cut)
        return value;
    std::size_t size = fact_bytes_max;
    while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xC0U) == 0x80U)
        --size;
    return value.substr(0, size);
}

void append_number(std::string& out, std::int64_t number)
{
    std::array<char, 20> digits;
    std::to_chars_result const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end.ptr);
}

bool has_fact(std::initializer_list<fact> facts, std::string_view name) noexcept
{
    return std::ranges::any_of(facts, [name](fact const& one) { return one.name == name; });
}

void append_text_value(std::string& out, std::string_view value)
{
    auto const bare = [](char c)
    { return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\'; };
    if (!value.empty() && value.size() <= fact_bytes_max && std::ranges::all_of(value, bare))
        out += value;
    else
        append_quoted(out, value);
}

void append_text_fact(std::string& out, std::string_view name, std::string_view value)
{
    if (value.empty())
        return;
    out += ' ';
    out += name;
    out += '=';
    append_text_value(out, value);
}

void append_json_member(std::string& out, std::string_view name, std::string_view value)
{
    if (value.empty())
        return;
    out += ",\"";
    out += name;  // A literal of ours, never of the caller.
    out += "\":";
    append_quoted(out, value);
}

}  // namespace

void append_quoted(std::string& out, std::string_view whole)
{
    bool was_cut = false;
    std::string_view const value = cut(whole, was_cut);
    out += '"';
    if (std::ranges::all_of(value, is_plain))
        out += value;
    else if (is_valid_utf8(value))
    {
        for (std::size_t at = 0; at < value.size();)
            at += append_escaped(out, value, at);
    }
    else
    {
        // What is broken somewhere is not worth a decoder: its ASCII stays readable.
        for (char const c : value)
            if (static_cast<unsigned char>(c) >= 0x80)
                out += "\\ufffd";
            else
                append_escaped(out, std::string_view(&c, 1), 0);
    }
    if (was_cut)
        out += cut_mark;
    out += '"';
}

void append_text_line(std::string& out, std::string_view event, std::initializer_list<fact> facts,
                      call_context const& call)
{
    std::string_view const service = call.service.empty() ? std::string_view("-") : call.service;
    out += service;
    out.append(service.size() < 8 ? 8 - service.size() : 1, ' ');
    append_text_value(out, event);
    for (fact const& one : facts)
    {
        out += ' ';
        out += one.name;
        out += '=';
        if (std::int64_t const* number = std::get_if<std::int64_t>(&one.value))
            append_number(out, *number);
        else
            append_text_value(out, std::get<std::string_view>(one.value));
    }
    if (!has_fact(facts, "request_id"))
        append_text_fact(out, "request_id", call.request_id.view());
    if (!has_fact(facts, "trace_id"))
        append_text_fact(out, "trace_id", trace_id_of(call.traceparent.view()));
}

void append_json_line(std::string& out, std::string_view event, std::initializer_list<fact> facts,
                      call_context const& call)
{
    out += "\"event\":";
    append_quoted(out, event);
    if (!has_fact(facts, "service"))
        append_json_member(out, "service", call.service);
    if (!has_fact(facts, "requestId"))
        append_json_member(out, "requestId", call.request_id.view());
    if (!has_fact(facts, "traceId"))
        append_json_member(out, "traceId", trace_id_of(call.traceparent.view()));
    for (fact const& one : facts)
    {
        out += ",\"";
        out += one.name;
        out += "\":";
        if (std::int64_t const* number = std::get_if<std::int64_t>(&one.value))
            append_number(out, *number);
        else
            append_quoted(out, std::get<std::string_view>(one.value));
    }
    out += '}';
}

}  // namespace mc
