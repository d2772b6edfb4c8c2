#include "platform/core/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <utf8proc.h>

#include "platform/core/look_alikes.hpp"

namespace mc
{

namespace
{

utf8proc_uint8_t const* bytes_of(std::string_view utf8) noexcept
{
    return reinterpret_cast<utf8proc_uint8_t const*>(utf8.data());
}

// Eight bytes at once: most text is plain ASCII, and these checks run over every name a client
// sends.
constexpr std::size_t word_size = 8;
constexpr std::uint64_t ones = 0x0101010101010101U;
constexpr std::uint64_t tops = 0x8080808080808080U;

std::uint64_t word_at(char const* bytes) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, word_size);
    return word;
}

// Bytes at the start that are ASCII without control characters, in whole words. The test for a byte
// below n and for a byte of one value is that of "Bit Twiddling Hacks" by Sean Anderson; a false
// alarm only ends the run early.
std::size_t plain_run(std::string_view bytes) noexcept
{
    std::size_t run = 0;
    for (; run + word_size <= bytes.size(); run += word_size)
    {
        std::uint64_t const word = word_at(bytes.data() + run);
        std::uint64_t const del = word ^ (ones * 0x7FU);
        if (((word | (word - ones * 0x20U) | (del - ones)) & tops) != 0)
            break;
    }
    return run;
}

bool is_ascii(std::string_view bytes) noexcept
{
    return std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// ECMAScript's WhiteSpace and LineTerminator, ECMA-262 §12.2 and §12.3, beyond ASCII. All of them
// are two or three bytes long.
bool is_wide_white_space(std::string_view character) noexcept
{
    if (character == "\xC2\xA0" || character == "\xE1\x9A\x80" || character == "\xE2\x80\xAF" ||
        character == "\xE2\x81\x9F" || character == "\xE3\x80\x80" || character == "\xEF\xBB\xBF")
        return true;
    if (character.size() != 3 || !character.starts_with("\xE2\x80"))
        return false;
    unsigned const last = static_cast<unsigned char>(character[2]);
    return (last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9;
}

bool is_narrow_white_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Bytes of the white-space character `bytes` begins with; 0 when it begins with none.
std::size_t white_space_at_start(std::string_view bytes) noexcept
{
    if (bytes.empty())
        return 0;
    if (is_narrow_white_space(bytes.front()))
        return 1;
    for (std::size_t const length : {2U, 3U})
        if (bytes.size() >= length && is_wide_white_space(bytes.substr(0, length)))
            return length;
    return 0;
}

std::size_t white_space_at_end(std::string_view bytes) noexcept
{
    if (bytes.empty())
        return 0;
    if (is_narrow_white_space(bytes.back()))
        return 1;
    for (std::size_t const length : {2U, 3U})
        if (bytes.size() >= length && is_wide_white_space(bytes.substr(bytes.size() - length)))
            return length;
    return 0;
}

// utf8proc's mapping; malformed input comes back as it is, since nothing may be decided about it
// here.
std::string mapped(std::string_view utf8, int options)
{
    utf8proc_uint8_t* made = nullptr;
    utf8proc_ssize_t const length =
        utf8proc_map(bytes_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &made,
                     static_cast<utf8proc_option_t>(options));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owner{made, &std::free};
    if (length == UTF8PROC_ERROR_NOMEM)
        throw std::bad_alloc();
    if (length < 0)
        return std::string(utf8);
    return {reinterpret_cast<char const*>(made), static_cast<std::size_t>(length)};
}

char ascii_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string ascii_lower(std::string_view ascii)
{
    std::string lower(ascii);
    std::ranges::transform(lower, lower.begin(), [](char c) { return ascii_lower(c); });
    return lower;
}

std::string with_single_blanks(std::string_view utf8)
{
    std::string made;
    made.reserve(utf8.size());
    while (!utf8.empty())
    {
        std::size_t const blank = white_space_at_start(utf8);
        if (blank == 0)
            made += utf8.front();
        else if (!made.ends_with(' '))
            made += ' ';
        utf8.remove_prefix(blank == 0 ? 1 : blank);
    }
    return std::string(trimmed(made));
}

// Calls `visit` with each code point and its bytes; stops at a malformed sequence.
template <class Visit>
void each_code_point(std::string_view utf8, Visit visit)
{
    while (!utf8.empty())
    {
        utf8proc_int32_t point = 0;
        utf8proc_ssize_t const length =
            utf8proc_iterate(bytes_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &point);
        if (length <= 0)
            return;
        visit(point, utf8.substr(0, static_cast<std::size_t>(length)));
        utf8.remove_prefix(static_cast<std::size_t>(length));
    }
}

bool is_letter_or_digit(utf8proc_int32_t point) noexcept
{
    utf8proc_category_t const category = utf8proc_category(point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

// Bytes of the well-formed sequence that begins with a non-ASCII byte, 0 when malformed: Unicode
// 15, table 3-7.
std::size_t well_formed_length(std::string_view bytes) noexcept
{
    unsigned const first = static_cast<unsigned char>(bytes[0]);
    std::size_t const length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || bytes.size() < length)
        return 0;
    unsigned const second = static_cast<unsigned char>(bytes[1]);
    unsigned const lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned const highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((static_cast<unsigned char>(bytes[i]) & 0xC0U) != 0x80U)
            return 0;
    return length;
}

}  // namespace

std::size_t code_points(std::string_view utf8) noexcept
{
    std::size_t const plain = plain_run(utf8);
    return plain + static_cast<std::size_t>(std::ranges::count_if(
                       utf8.substr(plain),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_valid_utf8(std::string_view bytes) noexcept
{
    bytes.remove_prefix(plain_run(bytes));
    while (!bytes.empty())
    {
        std::size_t const length =
            static_cast<unsigned char>(bytes[0]) < 0x80 ? 1 : well_formed_length(bytes);
        if (length == 0)
            return false;
        bytes.remove_prefix(length);
    }
    return true;
}

bool has_control_characters(std::string_view utf8, lines allowed) noexcept
{
    unsigned previous = 0;
    for (char const c : utf8.substr(plain_run(utf8)))
    {
        unsigned const byte = static_cast<unsigned char>(c);
        bool const line_character = byte == '\t' || byte == '\r' || byte == '\n';
        if (byte < 0x20 && !(line_character && allowed == lines::many))
            return true;
        if (byte == 0x7F || (previous == 0xC2 && byte >= 0x80 && byte <= 0x9F))
            return true;
        previous = byte;
    }
    return false;
}

std::string_view trimmed(std::string_view utf8) noexcept
{
    while (std::size_t const blank = white_space_at_start(utf8))
        utf8.remove_prefix(blank);
    while (std::size_t const blank = white_space_at_end(utf8))
        utf8.remove_suffix(blank);
    return is_nothing_to_see(utf8) ? std::string_view{} : utf8;
}

std::string folded(std::string_view utf8)
{
    if (is_ascii(utf8))
        return with_single_blanks(ascii_lower(utf8));
    return with_single_blanks(mapped(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
}

std::string lower_case(std::string_view utf8)
{
    if (is_ascii(utf8) || !is_valid_utf8(utf8))
        return ascii_lower(utf8);
    std::string lower;
    lower.reserve(utf8.size());
    each_code_point(
        utf8,
        [&lower](utf8proc_int32_t point, std::string_view)
        {
            utf8proc_uint8_t encoded[4];
            utf8proc_ssize_t const length = utf8proc_encode_char(utf8proc_tolower(point), encoded);
            lower.append(reinterpret_cast<char const*>(encoded), static_cast<std::size_t>(length));
        });
    return lower;
}

std::string ascii_upper_case(std::string_view bytes)
{
    std::string upper(bytes);
    std::ranges::transform(upper, upper.begin(), [](char c)
                           { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return upper;
}

std::string slug_of(std::string_view utf8, std::size_t max_code_points)
{
    // Composing after the marks are gone keeps what is made of letters whole (Hangul syllables).
    std::string const letters = mapped(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                                 UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
    std::string slug;
    std::size_t length = 0;
    bool gap = false;
    each_code_point(
        letters,
        [&](utf8proc_int32_t point, std::string_view bytes)
        {
            if (!is_letter_or_digit(point))
            {
                gap = length > 0;
                return;
            }
            std::size_t const wanted = gap ? 2 : 1;
            if (length + wanted > max_code_points)
            {
                length = max_code_points;  // Full: nothing shorter that comes later may slip in.
                return;
            }
            if (gap)
                slug += '-';
            slug += bytes;
            length += wanted;
            gap = false;
        });
    return slug;
}

}  // namespace mc
