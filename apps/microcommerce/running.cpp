#include "apps/microcommerce/running.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/event_lines.hpp"
#include "apps/microcommerce/rebuild.hpp"
#include "contracts/demo_world.hpp"
#include "platform/core/id.hpp"
#include "platform/events/dead_letters.hpp"
#include "platform/observe/log.hpp"
#include "platform/runtime/keys.hpp"

namespace mc::app
{
namespace
{

constexpr std::size_t demo_password_bytes = 9;  // 18 hex digits.

control_reply refused(std::string why) { return {.done = false, .text = std::move(why)}; }

control_reply said(result<std::string> const& done)
{
    if (!done)
        return refused(done.error().message);
    return {.done = true, .text = *done};
}

std::string places_text(host const& in)
{
    std::string text = "runs";
    for (host::place const& at : in.places())
        text += fmt::format(" {}:{}", at.service, at.port);
    return text;
}

bool runs(host const& in, std::string_view service)
{
    return std::ranges::any_of(in.services(),
                               [&](service_info const* info) { return info->name == service; });
}

// What became of a letter and of `others` that waited behind it.
control_reply told(std::string_view became, std::int64_t others,
                   std::optional<std::string> const& failed)
{
    std::string text(became);
    if (others > 0)
        text += fmt::format("; {} that waited behind it {} in effect now", others,
                            others == 1 ? "is" : "are");
    if (failed)
        return refused(fmt::format("{}; the next one failed: {}", text, *failed));
    return {.done = true, .text = text + "\n"};
}

control_reply dead_letter_command(host& in, control_request const& request)
{
    if (request.arguments.size() != 2)
        return refused("needs a service and the number of a dead letter");
    std::string const& service = request.arguments[0];
    if (!runs(in, service))
        return refused(no_such_service(service));
    std::optional<std::int64_t> const id = parse_id(request.arguments[1]);
    if (!id)
        return refused(
            fmt::format("\"{}\" is not the number of a dead letter", request.arguments[1]));
    database& db = in.database_of(service);
    subscription_table const& table = in.subscriptions_of(service);
    if (request.verb == "drop-dead")
    {
        result<replay_outcome> const dropped = dead_letters::drop(db, table, *id);
        if (!dropped)
            return refused(dropped.error().message);
        return told(fmt::format("dead letter {} is dropped", *id), dropped->applied,
                    dropped->failed);
    }
    result<replay_outcome> const replayed = dead_letters::replay(db, table, *id);
    if (!replayed)
        return refused(replayed.error().message);
    if (replayed->applied == 0 && replayed->failed)
        return refused(fmt::format("dead letter {} failed again: {}", *id, *replayed->failed));
    if (replayed->applied == 0)  // The service's own next try was quicker.
        return told(fmt::format("dead letter {} is in effect already", *id), 0, std::nullopt);
    return told(fmt::format("dead letter {} is in effect now", *id), replayed->applied - 1,
                replayed->failed);
}

// Of a service's own commands only those arguments that are known to be no secret.
std::string loggable_arguments(control_request const& request)
{
    if (request.service == "host")
        return fmt::format("{}", fmt::join(request.arguments, " "));
    if (request.verb == "create-admin" && !request.arguments.empty())
        return request.arguments[0];
    return "";
}

bool only_looks(control_request const& request)
{
    constexpr std::string_view verbs[] = {"places", "list-events", "list-dead"};
    return request.service == "host" && std::ranges::find(verbs, request.verb) != std::end(verbs);
}

}  // namespace

control_reply carry_out_and_log(host& in, config const& settings, control_request const& request)
{
    control_reply reply = carry_out_in(in, settings, request);
    if (only_looks(request))
        return reply;
    std::string const arguments = loggable_arguments(request);
    if (reply.done)
        log_info("command_done",
                 {{"service", request.service}, {"verb", request.verb}, {"arguments", arguments}});
    else
        log_info("command_refused", {{"service", request.service},
                                     {"verb", request.verb},
                                     {"arguments", arguments},
                                     {"why", reply.text}});
    return reply;
}

control_reply carry_out_in(host& in, config const& settings, control_request const& request)
{
    if (request.service == "host")
    {
        if (request.verb == "replay-dead" || request.verb == "drop-dead")
            return dead_letter_command(in, request);
        if (request.verb == "rebuild")
            return said(rebuild_part(in, request.arguments));
        if (request.verb == "seed-demo")
            return {.done = true, .text = seed_demo_in(in, settings)};
        if (request.verb == "places")
            return {.done = true, .text = places_text(in)};
        if (request.verb == "list-events")
            return said(event_lines(in, request.arguments));
        if (request.verb == "list-dead")
        {
            std::string const service = request.arguments.empty() ? "" : request.arguments[0];
            if (!service.empty() && !runs(in, service))
                return refused(no_such_service(service));
            return said(dead_letter_lines(in, service));
        }
        return refused(fmt::format("the process has no command {}", request.verb));
    }
    if (!runs(in, request.service))
        return refused(fmt::format("service {} does not run in this process", request.service));
    return said(in.service_of(request.service).command(request.verb, request.arguments));
}

std::string seed_demo_in(host& in, config const& settings)
{
    result<secret> const password =
        kept_secret(in.data_dir(), "demo_password", demo_password_bytes);
    if (!password)
        throw failed(password.error().message);
    std::string pictures = settings.text("PUBLIC_URL");
    for (service_info const* info : in.services())
        if (pictures.empty() && info->name == "product")
            pictures = fmt::format("http://localhost:{}", port_of(*info, settings));
    demo_world world{.password = std::string(password->reveal()), .picture_url = pictures};
    for (service_info const* info : in.services())
        in.service_of(info->name).seed_demo(world);

    if (world.people.empty())
        return "This shop has accounts of its own; no demonstration data was made.\n";
    std::string text = "Demo accounts, all with the password " + world.password + "\n";
    for (demo_person const& person : world.people)
        text +=
            fmt::format("  {:<9} {:<28} {}\n", enum_name(person.role), person.email, person.name);
    return text;
}

}  // namespace mc::app
