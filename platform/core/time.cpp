#include "platform/core/time.hpp"

#include <algorithm>

namespace mc
{

namespace
{

// Takes RFC 3339 apart from the left; once something is missing, `good` stays false.
struct iso_scanner
{
    std::string_view rest;
    bool good = true;

    int digits(std::size_t count) noexcept
    {
        int number = 0;
        if (rest.size() < count)
            good = false;
        for (std::size_t i = 0; good && i < count; ++i)
        {
            if (rest[i] < '0' || rest[i] > '9')
                good = false;
            number = number * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(good ? count : 0);
        return good ? number : 0;
    }

    bool take(char upper, char lower) noexcept
    {
        if (!good || rest.empty() || (rest.front() != upper && rest.front() != lower))
            return false;
        rest.remove_prefix(1);
        return true;
    }

    void expect(char upper, char lower) noexcept { good = take(upper, lower); }

    // After the dot: 1 to 9 digits, of which the first three count.
    int decimals_as_ms() noexcept
    {
        int number = 0;
        std::size_t count = 0;
        while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9')
        {
            if (count < 3)
                number = number * 10 + (rest[count] - '0');
            ++count;
        }
        if (count == 0 || count > 9)
            good = false;
        for (std::size_t i = count; i < 3; ++i)
            number *= 10;
        rest.remove_prefix(count);
        return number;
    }

    // "Z" or "+02:00", in minutes east of Greenwich.
    int offset() noexcept
    {
        if (take('Z', 'z'))
            return 0;
        bool const west = take('-', '-');
        if (!west)
            expect('+', '+');
        int const hours = digits(2);
        expect(':', ':');
        int const minutes = digits(2);
        good = good && hours <= 23 && minutes <= 59;
        return west ? -(hours * 60 + minutes) : hours * 60 + minutes;
    }
};

constexpr timestamp earliest = std::chrono::sys_days{std::chrono::January / 1 / 0};
constexpr timestamp latest =
    std::chrono::sys_days{std::chrono::January / 1 / 10'000} - milliseconds{1};

void write_two(unsigned number, char* into) noexcept
{
    into[0] = static_cast<char>('0' + number / 10);
    into[1] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string to_iso(timestamp at)
{
    std::string text(iso_length, '\0');
    write_iso(at, text.data());
    return text;
}

void write_iso(timestamp at, char* into) noexcept
{
    at = std::clamp(at, earliest, latest);
    std::chrono::sys_days const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    unsigned const ms = static_cast<unsigned>((at - day).count());
    unsigned const year = static_cast<unsigned>(static_cast<int>(date.year()));

    std::ranges::copy(std::string_view("0000-00-00T00:00:00.000Z"), into);
    write_two(year / 100, into);
    write_two(year % 100, into + 2);
    write_two(static_cast<unsigned>(date.month()), into + 5);
    write_two(static_cast<unsigned>(date.day()), into + 8);
    write_two(ms / 3'600'000, into + 11);
    write_two(ms / 60'000 % 60, into + 14);
    write_two(ms / 1'000 % 60, into + 17);
    write_two(ms / 10 % 100, into + 20);
    into[22] = static_cast<char>('0' + ms % 10);
}

std::optional<timestamp> parse_iso(std::string_view text) noexcept
{
    iso_scanner in{text};
    int const year = in.digits(4);
    in.expect('-', '-');
    int const month = in.digits(2);
    in.expect('-', '-');
    int const day = in.digits(2);
    in.expect('T', 't');
    int const hour = in.digits(2);
    in.expect(':', ':');
    int const minute = in.digits(2);
    in.expect(':', ':');
    int const second = in.digits(2);
    int const ms = in.take('.', '.') ? in.decimals_as_ms() : 0;
    int const offset_minutes = in.offset();

    std::chrono::year_month_day const date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!in.good || !in.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute - offset_minutes} + seconds{second} + milliseconds{ms};
}

timestamp system_clock::now() const noexcept
{
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

}  // namespace mc
