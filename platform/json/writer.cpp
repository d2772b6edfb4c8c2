#include "platform/json/writer.hpp"

#include <algorithm>
#include <charconv>

#include "platform/core/time.hpp"

namespace mc::json
{

namespace
{

constexpr std::size_t first_room = 256;         // Bytes; most answers fit.
constexpr std::size_t integer_length_max = 20;  // -9223372036854775808
constexpr std::size_t escape_length_max = 6;    // \u001f

// True when none of the eight bytes is a quote, a backslash or below 0x20. The classic test for a
// zero byte and for a byte below n, "Bit Twiddling Hacks" by Sean Anderson; a false alarm only
// sends the bytes the slow way.
bool is_plain(std::uint64_t word) noexcept
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = 0x8080808080808080U;
    std::uint64_t const quote = word ^ (ones * '"');
    std::uint64_t const slash = word ^ (ones * '\\');
    std::uint64_t const found =
        ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20U) & ~word);
    return (found & tops) == 0;
}

char* escape(char c, char* to) noexcept
{
    *to++ = '\\';
    switch (c)
    {
    case '"':  *to++ = '"'; return to;
    case '\\': *to++ = '\\'; return to;
    case '\b': *to++ = 'b'; return to;
    case '\f': *to++ = 'f'; return to;
    case '\n': *to++ = 'n'; return to;
    case '\r': *to++ = 'r'; return to;
    case '\t': *to++ = 't'; return to;
    default:   break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    unsigned const byte = static_cast<unsigned char>(c);
    for (char const each : {'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]})
        *to++ = each;
    return to;
}

}  // namespace

writer::writer(std::string& out) : out_(out), data_(out.data()), at_(out.size()), size_(out.size())
{}

writer::~writer() { out_.resize(at_); }

// Doubling, and no further than what is used: the room is zero-filled, so a large buffer that is
// used again and again must not be cleared each time.
void writer::grow(std::size_t bytes)
{
    size_ = at_ + std::max({bytes, first_room, at_});
    out_.resize(size_);
    data_ = out_.data();
}

void writer::raw(std::string_view json) { small(json); }

void writer::text(std::string_view utf8)
{
    constexpr std::size_t step = 8;  // Bytes looked at before room is asked for again.
    constexpr std::size_t spare = step * escape_length_max + 2;
    char* to = room(utf8.size() + spare);
    char const* from = utf8.data();
    char const* const end = from + utf8.size();
    *to++ = '"';
    while (from != end)
    {
        while (end - from >= std::ptrdiff_t{step})
        {
            std::uint64_t word = 0;
            __builtin_memcpy(&word, from, step);
            if (!is_plain(word))
                break;
            __builtin_memcpy(to, from, step);
            from += step;
            to += step;
        }
        at_ = static_cast<std::size_t>(to - data_);
        to = room(static_cast<std::size_t>(end - from) + spare);
        for (std::size_t i = 0; i < step && from != end; ++i, ++from)
        {
            if (static_cast<unsigned char>(*from) < 0x20 || *from == '"' || *from == '\\')
                to = escape(*from, to);
            else
                *to++ = *from;
        }
    }
    *to++ = '"';
    at_ = static_cast<std::size_t>(to - data_);
}

void writer::integer(std::int64_t number)
{
    char* const to = room(integer_length_max);
    at_ += static_cast<std::size_t>(std::to_chars(to, to + integer_length_max, number).ptr - to);
}

void writer::unsigned_integer(std::uint64_t number)
{
    char* const to = room(integer_length_max);
    at_ += static_cast<std::size_t>(std::to_chars(to, to + integer_length_max, number).ptr - to);
}

void writer::iso(std::int64_t epoch_ms)
{
    char* const to = room(iso_length + 2);
    to[0] = '"';
    write_iso(from_epoch_ms(epoch_ms), to + 1);
    to[iso_length + 1] = '"';
    at_ += iso_length + 2;
}

}  // namespace mc::json
