#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "platform/json/read.hpp"

namespace mc
{

// How an event is taken in. A projection is an upsert guarded by version and can be rebuilt from
// the log at any time; a reaction is done once, and must be idempotent by its business id whatever
// the order of arrival.
enum class subscription_kind
{
    projection,
    reaction
};

// What a handler of many events is told of each.
template <class E>
struct told
{
    E event;
    event_meta meta;
    // As whom it is done, for its trace: `tx.act_for(*each.call)` before its own events are told.
    call_context const* call = nullptr;
};

// Decoded events on their way to one handler of many.
struct decoded_event
{
    void const* told;  // A told<E>.
    call_context const* call;
};
using handler_of_many = std::function<result<>(transaction&, std::span<decoded_event const>)>;

// A decoded event bound to its handler. May be called again after a rolled-back transaction.
struct prepared_event
{
    std::function<result<>(transaction&)> run;
    // Of a handler of many: what it is told, and how to call it with several at once. It is one
    // object per subscription.
    std::shared_ptr<void const> told = nullptr;
    std::shared_ptr<handler_of_many const> together = nullptr;

    result<> operator()(transaction& tx) const { return run(tx); }
};

struct subscription
{
    event_type type;
    subscription_kind kind;
    // Decodes `data` of the envelope; invalid when it is missing or wrong. No I/O.
    std::function<result<prepared_event>(std::string_view value, event_meta const& meta)> prepare;
};

// What one service listens to. Filled before the consumer starts, read-only afterwards.
class subscription_table
{
public:
    void add(subscription listens);

    // All handlers of one type and version, in the order they were added.
    std::vector<subscription const*> find(std::string_view type, std::int64_t version) const;
    // In whatever version.
    bool knows(std::string_view type) const;
    // Default names, each once.
    std::vector<std::string> topics() const;
    std::vector<subscription> const& all() const noexcept { return rows_; }

private:
    std::vector<subscription> rows_;
};

// The part of an envelope that depends on the event. `payload` is a foreign spelling of `data`.
template <class E>
struct envelope_data
{
    std::optional<E> data;
    json::lenient<E> payload;
    BOOST_DESCRIBE_CLASS(envelope_data, (), (data, payload), (), ())
};

error event_data_missing();

// Events are read as foreign JSON is: unknown members are ignored. Lists may be longer than in
// requests.
inline constexpr std::size_t event_list_max = 10'000;
inline constexpr json::read_options event_reading{.array_max = event_list_max};

template <class E>
result<E> read_event_data(std::string_view value)
{
    result<envelope_data<E>> found = json::parse<envelope_data<E>>(value, event_reading);
    if (!found)
        return found.error();
    if (found->data)
        return std::move(*found->data);
    if (found->payload)
        return std::move(*found->payload);
    return event_data_missing();
}

// The table as a service writes it; D is what its handlers need (its deps), which must outlive the
// table.
//     subscriptions<deps> to{table, use};
//     to.project<contracts::user_created>(remember_user);
//     to.on<contracts::payment_succeeded>(mark_paid);
// A handler runs inside the consumer's transaction, after the event was recorded in the inbox. An
// error it returns undoes that and makes the loop try again (see consumer.hpp).
//
// A handler of many gets the events that stand together in the log, at least one, in their order:
//     result<> take_out(transaction&, deps&, std::span<told<contracts::order_created> const>);
//     to.on_many<contracts::order_created>(take_out);
// so that it writes their rows with few statements, which at a database server are what costs. It
// does for all what it would do for each; an error it returns undoes all of them, and it is called
// with each alone, so that only the one at fault is tried again later.
template <class D>
class subscriptions
{
public:
    template <class E>
    using handler = result<> (*)(transaction&, D&, E const&, event_meta const&);
    template <class E>
    using plain_handler = result<> (*)(transaction&, D&, E const&);
    template <class E>
    using many_handler = result<> (*)(transaction&, D&, std::span<told<E> const>);

    subscriptions(subscription_table& into, D& use) : into_(into), use_(use) {}

    template <event_struct E>
    subscriptions& project(handler<E> run)
    {
        return add<E>(subscription_kind::projection, run);
    }
    template <event_struct E>
    subscriptions& project(plain_handler<E> run)
    {
        return add<E>(subscription_kind::projection, run);
    }
    template <event_struct E>
    subscriptions& on(handler<E> run)
    {
        return add<E>(subscription_kind::reaction, run);
    }
    template <event_struct E>
    subscriptions& on(plain_handler<E> run)
    {
        return add<E>(subscription_kind::reaction, run);
    }

    template <event_struct E>
    subscriptions& project_many(many_handler<E> run)
    {
        return add_many<E>(subscription_kind::projection, run);
    }
    template <event_struct E>
    subscriptions& on_many(many_handler<E> run)
    {
        return add_many<E>(subscription_kind::reaction, run);
    }

private:
    template <class E>
    subscriptions& add_many(subscription_kind kind, many_handler<E> run)
    {
        auto const together = std::make_shared<handler_of_many const>(
            [run, use = &use_](transaction& tx, std::span<decoded_event const> events) -> result<>
            {
                std::vector<told<E>> all;
                all.reserve(events.size());
                for (decoded_event const& each : events)
                {
                    all.push_back(*static_cast<told<E> const*>(each.told));
                    all.back().call = each.call;
                }
                return run(tx, *use, all);
            });
        into_.add(
            {E::type, kind,
             [together](std::string_view value, event_meta const& meta) -> result<prepared_event>
             {
                 result<E> happened = read_event_data<E>(value);
                 if (!happened)
                     return happened.error();
                 std::shared_ptr<void const> one =
                     std::make_shared<told<E> const>(std::move(*happened), meta);
                 return prepared_event{.run =
                                           [together, one](transaction& tx)
                                       {
                                           decoded_event const alone{one.get(), &tx.call()};
                                           return (*together)(tx, std::span(&alone, 1));
                                       },
                                       .told = one,
                                       .together = together};
             }});
        return *this;
    }

    template <class E, class Run>
    subscriptions& add(subscription_kind kind, Run run)
    {
        D* const use = &use_;
        into_.add(
            {E::type, kind,
             [run, use](std::string_view value, event_meta const& meta) -> result<prepared_event>
             {
                 result<E> happened = read_event_data<E>(value);
                 if (!happened)
                     return happened.error();
                 return bound(run, *use, std::move(*happened), meta);
             }});
        return *this;
    }

    template <class E>
    static prepared_event bound(handler<E> run, D& use, E happened, event_meta meta)
    {
        return {.run = [run, &use, happened = std::move(happened), meta = std::move(meta)](
                           transaction& tx) { return run(tx, use, happened, meta); }};
    }
    template <class E>
    static prepared_event bound(plain_handler<E> run, D& use, E happened, event_meta const&)
    {
        return {.run = [run, &use, happened = std::move(happened)](transaction& tx)
                { return run(tx, use, happened); }};
    }

    subscription_table& into_;
    D& use_;
};

}  // namespace mc
