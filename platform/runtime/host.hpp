#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/events/event_log.hpp"
#include "platform/runtime/config.hpp"
#include "platform/runtime/service.hpp"

namespace mc
{

struct host_options
{
    config const& settings;                     // Outlives the host.
    std::vector<service_info const*> services;  // In the order of the list of all services.
    // All services there are, also those that run elsewhere.
    std::span<service_info const* const> known;
    clock const& now;  // Outlives the host.
    std::string version;
};

// Runs services in one process. Made: the data folder is locked, keys and databases are open,
// schemas are up to date, everything is wired, nothing listens. Every reason not to start is one
// clear sentence: thrown as start_refused.
class start_refused : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

class host
{
public:
    explicit host(host_options options);
    ~host();  // stop()
    host(host const&) = delete;
    host& operator=(host const&) = delete;

    // Listens on every service's port, then connects relays and consumers.
    void start();
    // /ready says no, listeners close, requests in flight finish (5 s in all), then consumers,
    // relays and databases end. May be called twice.
    void stop();

    struct place
    {
        std::string_view service;
        std::uint16_t port;
    };
    std::vector<place> places() const;

    // For demonstration data and for commands that the running process carries out.
    database& database_of(std::string_view service);
    service& service_of(std::string_view service);
    subscription_table const& subscriptions_of(std::string_view service);
    http::router const& routes_of(std::string_view service);
    event_log& log();
    std::vector<std::string> topics() const;  // By their actual names.
    topic_names names_of_topics() const;
    std::span<service_info const* const> services() const noexcept;
    std::filesystem::path const& data_dir() const noexcept;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// DATA_DIR/order.db
std::filesystem::path database_file(std::filesystem::path const& data_dir,
                                    std::string_view service);
// The port a service listens on: PORT of the service, else its default and PORT_OFFSET.
std::uint16_t port_of(service_info const& of, config const& settings);
// Whether these services could listen now. Throws start_refused with the sentence about the first
// that could not. For a start that shall leave nothing behind when it fails.
void check_places(std::span<service_info const* const> services, config const& settings);
// Where other processes find it: <SERVICE>_SERVICE_URL, else this machine and the default port.
std::string url_of(service_info const& of, config const& settings);
// Whether somebody has said so: <SERVICE>_SERVICE_URL is given.
bool is_placed(service_info const& of, config const& settings);

}  // namespace mc
