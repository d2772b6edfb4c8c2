#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/runtime/config.hpp"
#include "platform/runtime/service.hpp"

// What follows for a process from others that it shares a shop with.
namespace mc
{

// "CART_SERVICE_URL"
std::string url_setting_of(service_info const& of);

// The keys of tokens that this process may not make for itself and was not given, and why, in one
// sentence. JWT_SECRET has to be given wherever another process may have the same accounts: with
// DB_HOST for one of `services`, with KAFKA_BROKER, with the *_SERVICE_URL of any service.
// INTERNAL_TOKEN_SECRET has to be where in such a shop not all services run in this process,
// because then services call one another across processes; a URL of one that runs here, which
// nobody calls, does not count for that. Nothing: all are given, or made here, in DATA_DIR/secrets,
// rightly.
std::optional<std::string> missing_keys(config const& settings,
                                        std::span<service_info const* const> services,
                                        std::span<service_info const* const> known);

// One sentence each for what in these settings cannot work across processes.
std::vector<std::string> notes_on_separation(config const& settings,
                                             std::span<service_info const* const> services,
                                             std::span<service_info const* const> known);

}  // namespace mc
