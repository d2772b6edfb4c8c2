#include "platform/http/http_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

namespace mc::http
{

namespace
{

constexpr std::size_t header_length =
    std::string_view("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n").size();
constexpr std::int64_t first_second = -62'167'219'200;  // 0000-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

struct written
{
    std::int64_t second;
    std::array<char, header_length> header;
};

written write_anew(std::int64_t second)
{
    // Names as the protocol has them, whatever the locale.
    static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                          "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::chrono::sys_seconds const at{seconds{std::clamp(second, first_second, last_second)}};
    std::chrono::sys_days const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{at - day};
    written made{second, {}};
    fmt::format_to_n(made.header.data(), made.header.size(),
                     "Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} GMT\r\n",
                     days[std::chrono::weekday{day}.c_encoding()], unsigned{date.day()},
                     months[unsigned{date.month()} - 1], int{date.year()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
    return made;
}

}  // namespace

void append_date_header(std::string& out, timestamp at)
{
    thread_local written last = write_anew(0);
    std::int64_t const second = std::chrono::floor<seconds>(at).time_since_epoch().count();
    if (second != last.second)
        last = write_anew(second);
    out.append(last.header.data(), last.header.size());
}

}  // namespace mc::http
