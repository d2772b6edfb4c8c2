#include "apps/microcommerce/running.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/event_lines.hpp"
#include "contracts/demo_world.hpp"
#include "platform/core/id.hpp"
#include "platform/events/dead_letters.hpp"
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

control_reply dead_letter_command(host& in, control_request const& request)
{
    if (request.arguments.size() != 2 || !runs(in, request.arguments[0]))
        return refused("needs a service that runs here and the number of a dead letter");
    std::optional<std::int64_t> const id = parse_id(request.arguments[1]);
    if (!id)
        return refused(
            fmt::format("\"{}\" is not the number of a dead letter", request.arguments[1]));
    std::string const& service = request.arguments[0];
    result<replay_outcome> const outcome =
        request.verb == "replay-dead"
            ? dead_letters::replay(in.database_of(service), in.subscriptions_of(service), *id)
            : dead_letters::drop(in.database_of(service), in.subscriptions_of(service), *id);
    if (!outcome)
        return refused(outcome.error().message);
    if (outcome->failed)
        return refused(fmt::format("{} in effect, then: {}", outcome->applied, *outcome->failed));
    return {.done = true, .text = fmt::format("{} in effect\n", outcome->applied)};
}

}  // namespace

control_reply carry_out_in(host& in, config const& settings, control_request const& request)
{
    if (request.service == "host")
    {
        if (request.verb == "replay-dead" || request.verb == "drop-dead")
            return dead_letter_command(in, request);
        if (request.verb == "seed-demo")
            return {.done = true, .text = seed_demo_in(in, settings)};
        if (request.verb == "places")
            return {.done = true, .text = places_text(in)};
        if (request.verb == "list-events")
            return said(event_lines(in, request.arguments));
        if (request.verb == "list-dead")
            return said(
                dead_letter_lines(in, request.arguments.empty() ? "" : request.arguments[0]));
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
