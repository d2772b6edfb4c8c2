#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "platform/events/event.hpp"
#include "platform/events/intake.hpp"
#include "platform/json/write.hpp"

// The golden files hold the exact bytes of one event each. The tests of contracts, of its producer
// and of its consumers read them here.
namespace mc::contracts
{

inline constexpr std::string_view golden_event_id = "00000000-0000-4000-8000-000000000001";
inline constexpr timestamp golden_time = from_epoch_ms(1'767'225'600'000);  // 2026-01-01

// The one line of contracts/golden/<name>.json.
inline std::string golden(std::string const& name)
{
    std::ifstream file("contracts/golden/" + name + ".json");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty())
        throw std::runtime_error("no contracts/golden/" + name + ".json: run in the checkout");
    text.pop_back();
    return text;
}

// The bytes with which `told` is sent by this producer, with the golden files' id and time.
template <event_struct E>
std::string sent(E const& told, std::string_view producer)
{
    std::string value;
    write_envelope_head(value, {.event_id = std::string(golden_event_id),
                                .event_type = std::string(E::type.name),
                                .event_version = E::type.version,
                                .occurred_at = golden_time,
                                .producer = std::string(producer)});
    json::write(value, told);
    return value + '}';
}

// What an outbox holds, with the golden files' event id in place of the random one.
inline std::string with_golden_id(std::string value)
{
    constexpr std::size_t starts = std::string_view(R"({"eventId":")").size();
    return value.replace(starts, golden_event_id.size(), golden_event_id);
}

inline result<intake::effect> run_in(transaction& tx, intake::incoming const& event)
{
    intake::attempt const tried = intake::run(tx, event);
    if (tried.what == intake::effect::failed)
        return error{error_kind::invalid, "test.failed", tried.reason};
    return tried.what;
}

// Has a service take in the bytes of a record as its consumer does: envelope, inbox and handlers in
// one transaction. The reason when it would become a dead letter.
inline result<intake::effect> receive(database& into, subscription_table const& table,
                                      std::string_view value, std::string_view headers = {})
{
    intake::incoming const event = intake::prepare(table, headers, value);
    if (event.kind != intake::readable::yes)
        return error{error_kind::invalid, "test.not_taken_in", event.reason};
    return into.write_now(run_in, std::cref(event));
}

}  // namespace mc::contracts
