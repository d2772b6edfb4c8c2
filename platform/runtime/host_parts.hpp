#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/auth/internal_tokens.hpp"
#include "platform/auth/passwords.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/events/event_log.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/metrics.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/keys.hpp"
#include "platform/runtime/unit.hpp"

namespace mc
{

// Everything a host has, in the order of its making.
struct host_parts
{
    explicit host_parts(host_options from);

    host_options options;
    std::filesystem::path data_dir;
    data_folder_lock lock;
    result<signing_keys> keys;
    token_keys tokens;
    internal_tokens internal;
    metrics measured;
    std::unique_ptr<event_log> log;
    password_pool passwords;
    metrics::gauge_handle passwords_waiting;
    http::io_threads threads;
    std::vector<std::unique_ptr<unit>> units;
    std::optional<past> earlier;
    std::atomic<bool> draining{false};
    bool stopped = false;

    unit* find(std::string_view service) noexcept;  // Null: does not run here.
    std::vector<std::string> all_topics() const;
    topic_names names() const;
    // Before anything starts. Throws start_refused.
    void expect_no_other_log();

    void start_tidying();
    void stop_tidying();

private:
    void open_unit(unit& made, service_info const& info);
    void wire_unit(unit& made);
    past what_was() const;
    void connect_events(unit& made);
    void add_common_routes(unit& made);
    http::readiness ready(unit const& of) const;
    void choose_authenticator(unit& made);
    void listen(unit& made);
    void watch(unit& made);
    std::unique_ptr<http::service_client> client_of(unit& asking, std::string_view service);
    void watch_client(unit& asking, std::string_view service,
                      std::shared_ptr<http::breaker> health);
    bool is_there(std::string_view service);
    service_info const& session_keeper() const;
    void tidy_until_stopped();
    void tidy_once();

    std::mutex tidy_lock_;
    std::condition_variable tidy_wake_;
    bool tidy_ends_ = false;
    std::thread tidies_;
};

struct host::parts : host_parts
{
    using host_parts::host_parts;
};

// Stops what the unit runs and closes its database; its objects stay until all units are closed.
void stop_unit(unit& running);

}  // namespace mc
