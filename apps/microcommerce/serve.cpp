#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/running.hpp"
#include "mc_version.hpp"
#include "platform/core/time.hpp"
#include "platform/observe/log.hpp"
#include "platform/runtime/control.hpp"
#include "platform/runtime/host.hpp"
#include "services/cart/service.hpp"
#include "services/inventory/service.hpp"
#include "services/order/service.hpp"
#include "services/product/service.hpp"
#include "services/user/service.hpp"

namespace mc::app
{
namespace
{

struct serve_options
{
    std::vector<std::string> services;
    bool demo = false;
    std::optional<int> port_offset;
};

// Blocked before any thread is made, so that every thread inherits it and only wait_for_end sees
// them.
sigset_t block_end_signals()
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return ends;
}

void greet(host const& running, std::string const& accounts)
{
    fmt::print("\nMicroCommerce {} is up:\n", MC_VERSION);
    for (host::place const& at : running.places())
        fmt::print("  {:<9} http://localhost:{}\n", at.service, at.port);
    if (!accounts.empty())
        fmt::print("\n{}", accounts);
    std::fflush(stdout);
}

void show_first_steps(host const& running, std::string const& accounts)
{
    std::uint16_t user = 0;
    std::uint16_t product = 0;
    for (host::place const& at : running.places())
    {
        if (at.service == "user")
            user = at.port;
        if (at.service == "product")
            product = at.port;
    }
    std::size_t const at = accounts.find("password ") + 9;
    if (user == 0 || product == 0 || !accounts.starts_with("Demo accounts"))
        return;
    std::string const password = accounts.substr(at, accounts.find('\n') - at);
    fmt::print("\nTry:\n"
               "  curl -s 'localhost:{0}/products?pageSize=3&sort=price_asc'\n"
               "  curl -s localhost:{1}/auth/login -H 'Content-Type: application/json' \\\n"
               "       -d '{{\"email\":\"customer@demo.example\",\"password\":\"{2}\"}}'\n"
               "  curl -s localhost:{1}/health\n"
               "\nCtrl-C stops it.\n\n",
               product, user, password);
    std::fflush(stdout);
}

void start_logging(config const& settings)
{
    log_start({.format = *parse_log_format(settings.text("LOG_FORMAT")),
               .level = *parse_log_level(settings.text("LOG_LEVEL"))});
    for (std::string const& warning : settings.warnings())
        log_warning("setting", {{"note", warning}});
}

void serve(common_options const& from, serve_options const& asked)
{
    sigset_t const ends = block_end_signals();
    std::vector<service_info const*> const services = services_named(asked.services);
    std::map<std::string, std::string> forced = forced_by(asked.port_offset);
    std::unique_ptr<config> settings = load_config(from, services, forced);
    if (asked.demo && settings->text("HOST").empty())
    {
        forced["HOST"] = "127.0.0.1";  // Known accounts are no business of the network's.
        settings = load_config(from, services, forced);
    }
    start_logging(*settings);
    if (!std::filesystem::exists(data_dir_of(*settings)))
        check_places(services, *settings);  // A start that fails at once leaves no folder behind.

    system_clock const now;
    host running({.settings = *settings,
                  .services = services,
                  .known = all_services(),
                  .now = now,
                  .version = MC_PROJECT_VERSION});
    std::string const accounts = asked.demo ? seed_demo_in(running, *settings) : std::string{};
    running.start();
    if (std::optional<std::string> const note = note_on_stock(*settings, services))
        log_warning("orders_hold_no_stock", {{"note", *note}});
    control_server const control(running.data_dir(), [&](control_request const& request)
                                 { return carry_out_and_log(running, *settings, request); });
    if (settings->text("LOG_FORMAT") ==
        "text")  // Machines read one JSON object a line and no more.
    {
        log_flush();  // What is written to the log so far comes before, not between or behind.
        greet(running, accounts);
        show_first_steps(running, accounts);
    }

    int caught = 0;
    sigwait(&ends, &caught);
    log_info("stopping", {{"signal", caught}});
    running.stop();
}

}  // namespace

// The order of making is the order in which demonstration data comes about.
std::span<service_info const* const> all_services()
{
    static std::array const all{&user_service::info(), &product_service::info(),
                                &cart_service::info(), &order_service::info(),
                                &inventory_service::info()};
    return all;
}

void add_serve(CLI::App& to, common_options const& from)
{
    auto const asked = std::make_shared<serve_options>();
    CLI::App* const command = to.add_subcommand("serve", "Run services until Ctrl-C or SIGTERM");
    command->add_option("service", asked->services,
                        "user, product, cart, order, inventory; all of them unless named");
    command->add_flag("--demo", asked->demo,
                      "Make demonstration data where there is none, and listen on 127.0.0.1 only");
    add_port_offset(*command, asked->port_offset);
    command->callback([asked, &from] { serve(from, *asked); });
}

}  // namespace mc::app
