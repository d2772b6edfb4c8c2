#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/auth/sessions.hpp"
#include "platform/db/database.hpp"
#include "platform/events/consumer.hpp"
#include "platform/events/relay.hpp"
#include "platform/events/subscriptions.hpp"
#include "platform/http/breaker.hpp"
#include "platform/http/common_routes.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"
#include "platform/mail/mail_sender.hpp"
#include "platform/observe/metrics.hpp"
#include "platform/runtime/due_worker.hpp"
#include "platform/runtime/service.hpp"

namespace mc
{

// One service inside a host, with everything that is only its own. Members are made in this order
// and end in the reverse one; before that, stop_unit has stopped the threads and closed the
// database, whose last commit still wakes relay and mail sender.
struct unit
{
    service_info const* info = nullptr;
    std::unique_ptr<database> db;
    std::unique_ptr<relay> to_log;
    std::unique_ptr<mail_sender> to_mail;
    std::unique_ptr<http::router> routes;
    std::unique_ptr<http::common_routes> common;
    std::unique_ptr<service> runs;
    subscription_table subscriptions;
    std::unique_ptr<consumer> from_log;
    std::unique_ptr<due_worker> does_due_work;
    std::unique_ptr<remote_authenticator> asks_user_service;
    std::unique_ptr<local_authenticator> verifies_here;
    std::unique_ptr<http::server> listens;
    // Breakers of its clients by the service they ask; gauges look at them.
    std::map<std::string, std::vector<std::shared_ptr<http::breaker>>> asks;
    std::vector<metrics::gauge_handle> gauges;
};

}  // namespace mc
