#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mc
{

// Wall-clock time, UTC, to the millisecond: what is stored (epoch ms) and written on the wire.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::seconds;
using steady_time = std::chrono::steady_clock::time_point;

constexpr timestamp from_epoch_ms(std::int64_t ms) noexcept { return timestamp{milliseconds{ms}}; }
constexpr std::int64_t epoch_ms(timestamp at) noexcept { return at.time_since_epoch().count(); }

// "2026-02-15T12:00:00.000Z", RFC 3339 in UTC with three decimals. Years outside of 0000 to 9999,
// which the format cannot tell, come out as the first or the last moment it can.
std::string to_iso(timestamp at);
inline constexpr std::size_t iso_length = 24;
void write_iso(timestamp at,
               char* into) noexcept;  // Exactly iso_length characters, no terminating zero.
// RFC 3339 with Z or an offset and 0–9 decimals (cut to ms); nothing when it is anything else.
std::optional<timestamp> parse_iso(std::string_view text) noexcept;

// Where "now" comes from, so that tests can set it. Thread-safe.
class clock
{
public:
    virtual ~clock() = default;
    virtual timestamp now() const noexcept = 0;
};

class system_clock final : public clock
{
public:
    timestamp now() const noexcept override;
};

class fake_clock final : public clock
{
public:
    explicit fake_clock(timestamp start) noexcept : now_ms_(epoch_ms(start)) {}
    timestamp now() const noexcept override { return from_epoch_ms(now_ms_.load()); }
    void advance(milliseconds by) noexcept { now_ms_ += by.count(); }

private:
    std::atomic<std::int64_t> now_ms_;
};

}  // namespace mc
