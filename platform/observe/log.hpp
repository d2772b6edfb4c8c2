#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mc
{

// One detail of a log line: `{"order_id", order.id.value}`, `{"path", "/orders"}`. Refers to the
// name and text it was given, so it lives no longer than the statement that logs it.
struct fact
{
    template <std::integral T>
    constexpr fact(std::string_view what, T number) noexcept : name(what), value(to_int64(number))
    {}
    template <class T>
    requires(std::convertible_to<T const&, std::string_view> && !std::integral<T>)
    constexpr fact(std::string_view what, T const& text) noexcept
        : name(what), value(std::string_view(text))
    {}

    std::string_view name;
    std::variant<std::int64_t, std::string_view> value;

private:
    template <std::integral T>
    static constexpr std::int64_t to_int64(T number) noexcept
    {
        if constexpr (std::unsigned_integral<T> && sizeof(T) >= sizeof(std::int64_t))
            if (number > static_cast<T>(std::numeric_limits<std::int64_t>::max()))
                return std::numeric_limits<std::int64_t>::max();
        return static_cast<std::int64_t>(number);
    }
};

enum class log_level
{
    debug,
    info,
    warning,
    error
};
enum class log_format
{
    text,
    json
};

struct log_options
{
    log_format format = log_format::text;
    log_level level = log_level::info;
};

// "debug", "info", "warning" (or "warn"), "error" in any case; nothing when it is anything else.
std::optional<log_level> parse_log_level(std::string_view word) noexcept;
// "text" or "json" in any case.
std::optional<log_format> parse_log_format(std::string_view word) noexcept;

// Starts logging to standard output; before it, and without it (in tests), nothing is written. Text
// is for people:
//     12:00:00.123 info    order   order_placed order_id=5 note="two words" request_id=mws8b9cw-n5g
// JSON is one object a line:
//     {"time":"2026-11-22T12:00:00.123Z","level":"info","event":"order_placed","service":"order",
//      "requestId":"…","traceId":"…","order_id":5}
// Line breaks, control characters and invalid UTF-8 in a value are escaped in both, so no value can
// forge a line. A caller only formats into memory (about half a microsecond); a thread of the log
// writes at most 100 ms later, at once from `warning` up. When standard output does not take it,
// lines beyond 8 MiB are dropped and counted in a line `log_lines_dropped`, never waited for.
void log_start(log_options options);
// Writes what is still in memory, waiting at most two seconds.
void log_flush();
// log_flush, then ends the log's thread. Runs by itself at exit.
void log_stop();

bool log_wants(log_level level) noexcept;

// `event` is a stable snake_case word for what happened, the facts are ids and figures: never a
// whole request, never a secret, never a person's data. Adds time, level, and service, request id
// and trace id of this_call() unless a fact has that name.
void log(log_level level, std::string_view event, std::initializer_list<fact> facts);
void log_debug(std::string_view event, std::initializer_list<fact> facts = {});
void log_info(std::string_view event, std::initializer_list<fact> facts = {});
void log_warning(std::string_view event, std::initializer_list<fact> facts = {});
void log_error(std::string_view event, std::initializer_list<fact> facts = {});

// For tests: while it lives, lines go into memory and nowhere else. One at a time.
class log_recorder
{
public:
    explicit log_recorder(log_options options = {log_format::json, log_level::debug});
    ~log_recorder();
    log_recorder(log_recorder const&) = delete;
    log_recorder& operator=(log_recorder const&) = delete;

    std::string text() const;  // All lines so far, each with its line feed.

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace mc
