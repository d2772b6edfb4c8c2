#include "platform/observe/log.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include "platform/core/text.hpp"
#include "platform/observe/batched_writer.hpp"
#include "platform/observe/call.hpp"
#include "platform/observe/log_line.hpp"

namespace mc
{

namespace
{

constexpr int off = static_cast<int>(log_level::error) + 1;

// Formats time and level by its pattern, and leaves the writing to the writer's thread.
class batching_sink final : public spdlog::sinks::base_sink<std::mutex>
{
public:
    explicit batching_sink(batched_writer::options how) : writer_(std::move(how)) {}
    // Not spdlog's flush: that one would hold every other line up while it waits.
    void flush_writer() { writer_.flush(); }
    void stop() { writer_.stop(); }

protected:
    void sink_it_(spdlog::details::log_msg const& line) override
    {
        whole_.clear();
        formatter_->format(line, whole_);
        bool const urgent = line.level >= spdlog::level::warn;
        writer_.append({whole_.data(), whole_.size()}, urgent ? batched_writer::urgency::at_once
                                                              : batched_writer::urgency::relaxed);
    }
    void flush_() override {}

private:
    spdlog::memory_buf_t whole_;
    batched_writer writer_;
};

class recording_sink final : public spdlog::sinks::base_sink<std::mutex>
{
public:
    std::string text()
    {
        std::lock_guard const lock(mutex_);
        return {lines_.data(), lines_.size()};
    }

protected:
    void sink_it_(spdlog::details::log_msg const& line) override
    {
        formatter_->format(line, lines_);
    }
    void flush_() override {}

private:
    spdlog::memory_buf_t lines_;
};

struct output
{
    log_format format;
    spdlog::logger logger;
};

// Outputs and their sinks are never freed: a thread may be in the middle of a line when another
// stops the log.
struct outputs
{
    std::mutex lock;
    std::vector<std::unique_ptr<output>> all;
    std::shared_ptr<batching_sink> to_stdout;
};

outputs& known_outputs()
{
    static outputs* const known = new outputs;
    return *known;
}

std::shared_ptr<batching_sink> stdout_sink()
{
    outputs& known = known_outputs();
    std::lock_guard const lock(known.lock);
    return known.to_stdout;
}

std::atomic<output*> current{nullptr};
std::atomic<int> least{off};

spdlog::level::level_enum spdlog_level(log_level level) noexcept
{
    switch (level)
    {
    case log_level::debug:   return spdlog::level::debug;
    case log_level::info:    return spdlog::level::info;
    case log_level::warning: return spdlog::level::warn;
    case log_level::error:   return spdlog::level::err;
    }
    return spdlog::level::err;
}

output* add_output(log_options options, spdlog::sink_ptr sink)
{
    std::unique_ptr<output> made(
        new output{options.format, spdlog::logger("microcommerce", std::move(sink))});
    made->logger.set_level(spdlog::level::trace);  // log_wants has decided already.
    if (options.format == log_format::json)
        made->logger.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)",
                                 spdlog::pattern_time_type::utc);
    else
        made->logger.set_pattern("%H:%M:%S.%e %-7l %v");
    outputs& known = known_outputs();
    std::lock_guard const lock(known.lock);
    return known.all.emplace_back(std::move(made)).get();
}

}  // namespace

std::optional<log_level> parse_log_level(std::string_view word) noexcept
{
    std::string const lower = lower_case(word);
    if (lower == "debug")
        return log_level::debug;
    if (lower == "info")
        return log_level::info;
    if (lower == "warning" || lower == "warn")
        return log_level::warning;
    if (lower == "error")
        return log_level::error;
    return std::nullopt;
}

std::optional<log_format> parse_log_format(std::string_view word) noexcept
{
    std::string const lower = lower_case(word);
    if (lower == "text")
        return log_format::text;
    if (lower == "json")
        return log_format::json;
    return std::nullopt;
}

void log_start(log_options options)
{
    log_stop();
    batched_writer::options how;
    how.on_dropped = [](std::uint64_t lines)
    { log_warning("log_lines_dropped", {{"lines", lines}}); };
    std::shared_ptr<batching_sink> const sink = std::make_shared<batching_sink>(std::move(how));
    output* const made = add_output(options, sink);
    outputs& known = known_outputs();
    {
        std::lock_guard const lock(known.lock);
        known.to_stdout = sink;
    }
    current = made;
    least = static_cast<int>(options.level);
    static int const at_exit = std::atexit(log_stop);
    (void)at_exit;
}

void log_flush()
{
    if (std::shared_ptr<batching_sink> const sink = stdout_sink())
        sink->flush_writer();
}

void log_stop()
{
    outputs& known = known_outputs();
    std::shared_ptr<batching_sink> sink;
    {
        std::lock_guard const lock(known.lock);
        sink = std::exchange(known.to_stdout, nullptr);
    }
    if (!sink)
        return;
    least = off;
    current = nullptr;
    sink->stop();
}

bool log_wants(log_level level) noexcept
{
    return static_cast<int>(level) >= least.load(std::memory_order_relaxed);
}

void log(log_level level, std::string_view event, std::initializer_list<fact> facts)
{
    if (!log_wants(level))
        return;
    output* const to = current.load(std::memory_order_acquire);
    if (to == nullptr)
        return;
    thread_local std::string line;
    line.clear();
    if (to->format == log_format::json)
        append_json_line(line, event, facts, this_call());
    else
        append_text_line(line, event, facts, this_call());
    to->logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

void log_debug(std::string_view event, std::initializer_list<fact> facts)
{
    log(log_level::debug, event, facts);
}

void log_info(std::string_view event, std::initializer_list<fact> facts)
{
    log(log_level::info, event, facts);
}

void log_warning(std::string_view event, std::initializer_list<fact> facts)
{
    log(log_level::warning, event, facts);
}

void log_error(std::string_view event, std::initializer_list<fact> facts)
{
    log(log_level::error, event, facts);
}

struct log_recorder::state
{
    std::shared_ptr<recording_sink> sink = std::make_shared<recording_sink>();
    output* before = current;
    int least_before = least;
};

log_recorder::log_recorder(log_options options) : state_(std::make_unique<state>())
{
    current = add_output(options, state_->sink);
    least = static_cast<int>(options.level);
}

log_recorder::~log_recorder()
{
    least = state_->least_before;
    current = state_->before;
}

std::string log_recorder::text() const { return state_->sink->text(); }

}  // namespace mc
