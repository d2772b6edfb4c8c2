#include "platform/observe/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "platform/core/random.hpp"

namespace mc
{

namespace
{

constexpr std::size_t trace_id_at = 3, trace_id_size = 32;
constexpr std::size_t span_id_at = 36, span_id_size = 16;
constexpr std::size_t flags_at = 53;
constexpr std::size_t traceparent_size = 55;
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base36_digits = "0123456789abcdefghijklmnopqrstuvwxyz";

// SplitMix64 (Steele, Lea, Flood 2014), seeded per thread by the kernel: these ids need to be
// unique, not secret, and asking the kernel costs a system call each time.
std::uint64_t next_number() noexcept
{
    thread_local std::uint64_t position = []
    {
        std::array<unsigned char, sizeof(std::uint64_t)> seed{};
        random_bytes(seed);
        std::uint64_t start = 0;
        for (unsigned char const byte : seed)
            start = start << 8U | byte;
        return start;
    }();
    std::uint64_t mixed = position += 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
}

bool is_lower_hex(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c)
                               { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(std::string_view text) noexcept
{
    return text.find_first_not_of('0') == std::string_view::npos;
}

// Sixteen digits of a number that is not zero, as the specification forbids an all-zero id.
void write_id(char* into) noexcept
{
    std::uint64_t number = next_number();
    while (number == 0)
        number = next_number();
    for (std::size_t i = 0; i < 16; ++i, number >>= 4U)
        into[i] = hex_digits[number & 0xFU];
}

}  // namespace

bool is_traceparent(std::string_view header) noexcept
{
    if (header.size() < traceparent_size || header[2] != '-' || header[35] != '-' ||
        header[52] != '-')
        return false;
    std::string_view const version = header.substr(0, 2);
    if (!is_lower_hex(version) || version == "ff")
        return false;
    // Version 00 ends here; later ones may go on after another dash (§4.3).
    if (header.size() > traceparent_size && (version == "00" || header[traceparent_size] != '-'))
        return false;
    std::string_view const trace = header.substr(trace_id_at, trace_id_size);
    std::string_view const span = header.substr(span_id_at, span_id_size);
    return is_lower_hex(trace) && !is_all_zero(trace) && is_lower_hex(span) && !is_all_zero(span) &&
           is_lower_hex(header.substr(flags_at, 2));
}

traceparent_text mint_traceparent() noexcept
{
    std::array<char, traceparent_size> made{};
    std::ranges::copy(std::string_view("00-"), made.data());
    write_id(made.data() + trace_id_at);
    write_id(made.data() + trace_id_at + 16);
    made[35] = '-';
    write_id(made.data() + span_id_at);
    std::ranges::copy(std::string_view("-01"), made.data() + 52);
    return traceparent_text{std::string_view(made.data(), made.size())};
}

traceparent_text child_of(std::string_view parent) noexcept
{
    if (!is_traceparent(parent))
        return mint_traceparent();
    std::array<char, traceparent_size> made{};
    std::ranges::copy(parent.substr(0, traceparent_size), made.data());
    // We speak version 00, whatever the caller speaks, and know of its flags only "sampled".
    made[0] = made[1] = '0';
    made[flags_at] = '0';
    char const sampled = parent[flags_at + 1];
    made[flags_at + 1] = hex_digits.find(sampled) % 2 == 1 ? '1' : '0';
    write_id(made.data() + span_id_at);
    return traceparent_text{std::string_view(made.data(), made.size())};
}

std::string_view trace_id_of(std::string_view traceparent) noexcept
{
    return is_traceparent(traceparent) ? traceparent.substr(trace_id_at, trace_id_size)
                                       : std::string_view{};
}

small_text<64> mint_request_id(timestamp now) noexcept
{
    std::array<char, 32> made{};
    std::size_t at = made.size();
    std::uint64_t random = next_number();
    for (int digit = 0; digit < 8; ++digit, random /= 36)
        made[--at] = base36_digits[random % 36];
    made[--at] = '-';
    std::uint64_t ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, epoch_ms(now)));
    do
        made[--at] = base36_digits[ms % 36];
    while ((ms /= 36) != 0);
    return small_text<64>{std::string_view(made.data() + at, made.size() - at)};
}

bool is_request_id(std::string_view header) noexcept
{
    auto const allowed = [](char c)
    {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '_' || c == '-';
    };
    return !header.empty() && header.size() <= 64 && std::ranges::all_of(header, allowed);
}

}  // namespace mc
