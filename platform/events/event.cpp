#include "platform/events/event.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "platform/events/subscriptions.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"

namespace mc
{

namespace
{

// `event` is the Node services' second spelling of `eventType`.
struct envelope_head
{
    std::string event_id;
    std::optional<std::string> event_type;
    std::optional<std::string> event;
    std::int64_t event_version;
    timestamp occurred_at;
    std::string producer;
};
MC_DESCRIBE(envelope_head, event_id, event_type, event, event_version, occurred_at, producer)

error unreadable(std::string_view code, std::string sentence)
{
    return error{error_kind::invalid, code, std::move(sentence)};
}

bool is_word(std::string const& text)
{
    return !text.empty() && text.size() <= event_word_bytes_max &&
           !has_control_characters(text, lines::one);
}

constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_special_in_value(char c) noexcept { return c == '%' || c == '\r' || c == '\n'; }
bool is_special_in_name(char c) noexcept { return c == ':' || is_special_in_value(c); }

// Nearly every text is plain, and goes in one piece.
template <class IsSpecial>
void append_escaped(std::string& out, std::string_view text, IsSpecial is_special)
{
    auto plain_from = text.begin();
    for (;;)
    {
        auto const special = std::find_if(plain_from, text.end(), is_special);
        out.append(plain_from, special);
        if (special == text.end())
            return;
        unsigned const byte = static_cast<unsigned char>(*special);
        out += '%';
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 15];
        plain_from = special + 1;
    }
}

std::string unescaped(std::string_view text)
{
    std::size_t at = std::min(text.find('%'), text.size());
    std::string out(text.substr(0, at));
    for (; at < text.size(); ++at)
    {
        if (text[at] != '%' || at + 2 >= text.size())
        {
            out += text[at];
            continue;
        }
        std::size_t const high = hex_digits.find(text[at + 1]);
        std::size_t const low = hex_digits.find(text[at + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos)
        {
            out += text[at];
            continue;
        }
        out += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return out;
}

}  // namespace

result<envelope> read_envelope(std::string_view value)
{
    if (value.size() > event_bytes_max)
        return unreadable("event.too_large",
                          fmt::format("{} bytes, {} is the limit", value.size(), event_bytes_max));
    result<envelope_head> head = json::parse<envelope_head>(value, event_reading);
    if (!head)
        return head.error();
    std::optional<std::string>& type = head->event_type ? head->event_type : head->event;
    if (!type || !is_word(*type))
        return unreadable("event.no_type", "eventType is missing");
    if (!is_word(head->event_id))
        return unreadable("event.no_id", "eventId is missing or too long");
    if (!is_word(head->producer))
        return unreadable("event.no_producer", "producer is missing or too long");
    return envelope{std::move(head->event_id), std::move(*type), head->event_version,
                    head->occurred_at, std::move(head->producer)};
}

void write_envelope_head(std::string& out, envelope const& head)
{
    out += R"({"eventId":)";
    json::write(out, head.event_id);
    out += R"(,"eventType":)";
    json::write(out, head.event_type);
    out += R"(,"eventVersion":)";
    json::write(out, head.event_version);
    out += R"(,"occurredAt":)";
    json::write(out, head.occurred_at);
    out += R"(,"producer":)";
    json::write(out, head.producer);
    out += R"(,"data":)";
}

std::string topic_names::actual(std::string_view default_name) const
{
    auto const found = actual_.find(default_name);
    return found == actual_.end() ? std::string(default_name) : found->second;
}

void add_header(std::string& headers, std::string_view name, std::string_view value)
{
    append_escaped(headers, name, is_special_in_name);
    headers += ':';
    append_escaped(headers, value, is_special_in_value);
    headers += '\n';
}

std::optional<std::string> find_header(std::string_view headers, std::string_view name)
{
    std::string wanted;
    append_escaped(wanted, name, is_special_in_name);
    wanted += ':';
    while (!headers.empty())
    {
        std::string_view const line = headers.substr(0, headers.find('\n'));
        if (line.starts_with(wanted))
            return unescaped(line.substr(wanted.size()));
        headers.remove_prefix(std::min(headers.size(), line.size() + 1));
    }
    return std::nullopt;
}

header_list list_headers(std::string_view headers)
{
    header_list found;
    while (!headers.empty())
    {
        std::string_view const line = headers.substr(0, headers.find('\n'));
        std::size_t const colon = std::min(line.find(':'), line.size());
        if (!line.empty())
            found.emplace_back(unescaped(line.substr(0, colon)),
                               unescaped(line.substr(std::min(colon + 1, line.size()))));
        headers.remove_prefix(std::min(headers.size(), line.size() + 1));
    }
    return found;
}

error event_data_missing() { return unreadable("event.no_data", "data is missing"); }

}  // namespace mc
