#include "platform/runtime/host.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/db/errors.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/log.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/host_parts.hpp"
#include "platform/runtime/keys.hpp"
#include "platform/runtime/known_databases.hpp"
#include "platform/runtime/logs.hpp"
#include "platform/runtime/separation.hpp"

namespace mc
{
namespace
{

constexpr milliseconds drain_time_max{5000};
// Longer than the lease of a relay whose process died.
constexpr milliseconds other_log_gone_max{3000};

std::size_t thread_count(config const& settings)
{
    return static_cast<std::size_t>(settings.number("IO_THREADS"));
}

void refuse_lost_databases(host_options const& of)
{
    std::filesystem::path const folder = of.settings.text("DATA_DIR");
    std::vector<std::string> const gone = lost_databases(folder, of.settings, of.services);
    if (!gone.empty())
        throw start_refused(sentence_about_lost(gone, folder) +
                            ": restore the whole backup, all databases together");
}

void refuse_keys_of_its_own(host_options const& of)
{
    if (std::optional<std::string> const why = missing_keys(of.settings, of.services, of.known))
        throw start_refused(*why);
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

void check_places(std::span<service_info const* const> services, config const& settings)
{
    try
    {
        for (service_info const* info : services)
            http::check_place(info->name, settings.text("HOST", info->name),
                              port_of(*info, settings));
    }
    catch (std::runtime_error const& taken)
    {
        throw start_refused(taken.what());
    }
}

std::string url_of(service_info const& of, config const& settings)
{
    if (std::optional<std::string> given = settings.given(url_setting_of(of)))
        return *given;
    return fmt::format("http://localhost:{}", of.port + settings.number("PORT_OFFSET"));
}

bool is_placed(service_info const& of, config const& settings)
{
    return settings.given(url_setting_of(of)).has_value();
}

host_parts::host_parts(host_options from)
    : options(std::move(from)),
      data_dir(options.settings.text("DATA_DIR")),
      lock(data_dir),
      keys(load_signing_keys(options.settings, data_dir)),
      tokens(keys ? token_keys(keys->tokens, keys->tokens_previous)
                  : throw start_refused(keys.error().message)),
      internal(keys->internal),
      log(open_log(options.settings, data_dir, options.now)),
      passwords_waiting(
          measured.gauge({"mc_passwords_waiting", "Passwords that wait to be hashed or checked."},
                         [this] { return static_cast<std::int64_t>(passwords.waiting()); })),
      threads(thread_count(options.settings))
{
    note_databases(data_dir, options.known);
    for (service_info const* info : options.services)
    {
        units.push_back(std::make_unique<unit>());
        open_unit(*units.back(), *info);
    }
    note_databases(data_dir, options.known);
    for (std::unique_ptr<unit>& each : units)
        wire_unit(*each);
    earlier.emplace(what_was());
    for (std::unique_ptr<unit>& each : units)
        each->runs->recall(*earlier);
}

// What stands in a database about the log, offsets above all, belongs to one log; with the embedded
// one each process would have its own.
void host_parts::expect_no_other_log()
try
{
    for (std::unique_ptr<unit>& each : units)
        if (!each->to_log->claim(other_log_gone_max))
            throw start_refused(fmt::format(
                "{}: another process works on this database with an event log of its own; stop it, "
                "or give all of them one log by KAFKA_BROKER",
                place_of_database(*each->info, options.settings, data_dir)));
}
catch (outage const& away)
{
    throw start_refused(away.what());
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
        refuse_keys_of_its_own(options);
        refuse_lost_databases(options);
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
    if (!kafka_brokers(parts_->options.settings))  // There, whoever needs a topic makes it.
    {
        parts_->log->make_topics(parts_->all_topics());
        parts_->expect_no_other_log();
    }
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
        if (each->does_due_work)
            each->does_due_work->start();
    }
    for (std::string const& note : notes_on_separation(
             parts_->options.settings, parts_->options.services, parts_->options.known))
        log_warning("events_stay_in_this_process", {{"note", note}});
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
    parts_->log->hurry();
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

topic_names host::names_of_topics() const { return parts_->names(); }

std::span<service_info const* const> host::services() const noexcept
{
    return parts_->options.services;
}

std::filesystem::path const& host::data_dir() const noexcept { return parts_->data_dir; }

}  // namespace mc
