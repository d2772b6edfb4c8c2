#include "contracts/imports.hpp"

#include <algorithm>
#include <charconv>

#include "platform/core/random.hpp"
#include "platform/core/text.hpp"

namespace mc::imports
{
namespace
{

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The bytes of the first `max` code points.
std::size_t bytes_of(std::string_view utf8, std::size_t max)
{
    std::size_t points = 0;
    for (std::size_t at = 0; at < utf8.size(); ++at)
        if (!is_continuation(utf8[at]) && ++points > max)
            return at;
    return utf8.size();
}

// Both kinds of control characters: C0 and DEL, one byte; C1, U+0080 to U+009F, two.
std::string without_controls(std::string_view utf8)
{
    std::string clean;
    clean.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size(); ++at)
    {
        auto const byte = static_cast<unsigned char>(utf8[at]);
        bool const is_c1 =
            byte == 0xc2 && at + 1 < utf8.size() && static_cast<unsigned char>(utf8[at + 1]) < 0xa0;
        if (is_c1)
            ++at;
        clean += is_c1 || byte < 0x20 || byte == 0x7f ? ' ' : utf8[at];
    }
    return clean;
}

}  // namespace

line one_line(std::string_view raw, std::size_t max)
{
    line made;
    std::string clean(raw);
    if (has_control_characters(raw, lines::one))
    {
        clean = without_controls(raw);
        made.is_cleaned = true;
    }
    std::string_view body = trimmed(clean);
    std::size_t const fits = bytes_of(body, max);
    made.is_cut = fits < body.size();
    made.value = trimmed(body.substr(0, fits));
    return made;
}

std::optional<std::int64_t> whole_number(std::optional<std::string> const& digits)
{
    if (!digits)
        return std::nullopt;
    std::int64_t number = 0;
    char const* const end = digits->data() + digits->size();
    std::from_chars_result const read = std::from_chars(digits->data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end)
        return std::nullopt;
    return number;
}

std::optional<timestamp> moment(std::optional<std::int64_t> epoch_milliseconds)
{
    if (!epoch_milliseconds || *epoch_milliseconds <= 0)
        return std::nullopt;
    return from_epoch_ms(*epoch_milliseconds);
}

void tell(transaction& tx, event_type const& type, std::string key,
          std::optional<std::int64_t> aggregate_version, std::string data, timestamp occurred)
{
    outbox::draft event;
    event.value.reserve(data.size() + 256);
    write_envelope_head(event.value, {uuid_v4(), std::string(type.name), type.version, occurred,
                                      std::string(tx.producer())});
    event.value += data;
    event.value += '}';
    outbox::store(tx, std::move(event), type, key, aggregate_version);
}

product_fact const* surroundings::find(std::int64_t product_id) const
{
    auto const at = std::ranges::lower_bound(facts, product_id, {}, [](product_fact const& fact)
                                             { return fact.id.value; });
    return at == facts.end() || at->id.value != product_id ? nullptr : &*at;
}

}  // namespace mc::imports
