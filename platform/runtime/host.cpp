#include "platform/runtime/host.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "platform/core/fail_point.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/db/errors.hpp"
#include "platform/events/logs/embedded/embedded_log.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/log.hpp"
#include "platform/runtime/host_parts.hpp"
#include "platform/runtime/keys.hpp"

namespace mc
{
namespace
{

constexpr milliseconds drain_time_max{5000};

std::string upper_case(std::string_view word)
{
    std::string upper(word);
    std::ranges::transform(upper, upper.begin(), [](char c)
                           { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return upper;
}

std::unique_ptr<embedded_log> open_log(host_options const& options,
                                       std::filesystem::path const& data_dir)
{
    return embedded_log::open({.file = data_dir / "log.db", .now = options.now});
}

std::size_t thread_count(config const& settings)
{
    return static_cast<std::size_t>(settings.number("IO_THREADS"));
}

}  // namespace

std::filesystem::path database_file(std::filesystem::path const& data_dir, std::string_view service)
{
    return data_dir / (std::string(service) + ".db");
}

std::uint16_t port_of(service_info const& of, config const& settings)
{
    if (std::optional<std::string> const own = settings.given("PORT", of.name))
        return static_cast<std::uint16_t>(settings.number("PORT", of.name));
    std::int64_t const shifted = of.port + settings.number("PORT_OFFSET");
    if (shifted > 65535)
        throw start_refused(fmt::format("PORT_OFFSET {} puts {} on port {}; the highest is 65535",
                                        settings.number("PORT_OFFSET"), of.name, shifted));
    return static_cast<std::uint16_t>(shifted);
}

std::string url_of(service_info const& of, config const& settings)
{
    std::string const key = upper_case(of.name) + "_SERVICE_URL";
    if (std::optional<std::string> given = settings.given(key))
        return *given;
    return fmt::format("http://localhost:{}", of.port + settings.number("PORT_OFFSET"));
}

host_parts::host_parts(host_options from)
    : options(std::move(from)),
      data_dir(options.settings.text("DATA_DIR")),
      lock(data_dir),
      keys(load_signing_keys(options.settings, data_dir)),
      tokens(keys ? token_keys(keys->tokens, keys->tokens_previous)
                  : throw start_refused(keys.error().message)),
      internal(keys->internal),
      log(open_log(options, data_dir)),
      threads(thread_count(options.settings))
{
    for (service_info const* info : options.services)
    {
        units.push_back(std::make_unique<unit>());
        open_unit(*units.back(), *info);
    }
    for (std::unique_ptr<unit>& each : units)
        wire_unit(*each);
}

unit* host_parts::find(std::string_view service) noexcept
{
    for (std::unique_ptr<unit>& each : units)
        if (each->info->name == service)
            return each.get();
    return nullptr;
}

host::host(host_options options)
{
    try
    {
        if (std::string const point = options.settings.text("FAIL_POINT"); !point.empty())
        {
            result<> const armed = fail_points::arm(point);
            if (!armed)
                throw start_refused(armed.error().message);
        }
        parts_ = std::make_unique<parts>(std::move(options));
    }
    catch (folder_in_use const& taken)
    {
        throw start_refused(taken.what());
    }
    catch (migration_refused const& refused)
    {
        throw start_refused(refused.what());
    }
    catch (outage const& away)
    {
        throw start_refused(away.what());
    }
    catch (std::invalid_argument const& wrong)
    {
        throw start_refused(wrong.what());
    }
}

host::~host() { stop(); }

void host::start()
{
    parts_->log->make_topics(parts_->all_topics());
    try
    {
        for (std::unique_ptr<unit>& each : parts_->units)
            each->listens->start();
    }
    catch (std::runtime_error const& taken)
    {
        throw start_refused(taken.what());
    }
    for (std::unique_ptr<unit>& each : parts_->units)
    {
        each->to_log->start();
        each->from_log->start();
        if (each->to_mail)
            each->to_mail->start();
    }
    parts_->start_tidying();
    for (place const& at : places())
        log_info("listening", {{"service", at.service}, {"port", at.port}});
}

void host::stop()
{
    if (!parts_ || parts_->stopped)
        return;
    parts_->stopped = true;
    parts_->draining = true;
    std::this_thread::sleep_for(parts_->options.settings.duration("DRAIN_DELAY_MS"));

    steady_time const until = std::chrono::steady_clock::now() + drain_time_max;
    for (std::unique_ptr<unit>& each : parts_->units)
        each->listens->begin_drain();
    for (std::unique_ptr<unit>& each : parts_->units)
    {
        auto const left =
            std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        each->listens->drain(std::max(left, milliseconds{0}));
    }
    parts_->stop_tidying();
    for (std::unique_ptr<unit>& each : parts_->units)
        stop_unit(*each);
    parts_->passwords.close();
    parts_->threads.stop();
    parts_->log->close();
    log_info("stopped");
    log_flush();
}

std::vector<host::place> host::places() const
{
    std::vector<place> all;
    for (std::unique_ptr<unit> const& each : parts_->units)
        all.push_back({each->info->name, each->listens->port()});
    return all;
}

database& host::database_of(std::string_view service) { return *parts_->find(service)->db; }

service& host::service_of(std::string_view service) { return *parts_->find(service)->runs; }

subscription_table const& host::subscriptions_of(std::string_view service)
{
    return parts_->find(service)->subscriptions;
}

http::router const& host::routes_of(std::string_view service)
{
    return *parts_->find(service)->routes;
}

event_log& host::log() { return *parts_->log; }

std::vector<std::string> host::topics() const { return parts_->all_topics(); }

std::span<service_info const* const> host::services() const noexcept
{
    return parts_->options.services;
}

std::filesystem::path const& host::data_dir() const noexcept { return parts_->data_dir; }

}  // namespace mc
