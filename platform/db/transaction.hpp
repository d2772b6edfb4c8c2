#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "platform/core/time.hpp"
#include "platform/db/errors.hpp"
#include "platform/db/snapshot.hpp"
#include "platform/observe/call.hpp"

namespace mc
{

// Whose transaction it is; the same for every transaction of a database.
struct transaction_owner
{
    std::string_view producer;  // "order-service": who speaks in the events it writes.
    clock const* now;
};

// What an action may do: read its own transaction and change it. A value returned commits, an error
// or an exception undoes. One action, one thread; passed by reference, never kept.
class transaction : public snapshot
{
public:
    transaction(engine::connection& on, call_context const& call,
                transaction_owner const& owner) noexcept
        : snapshot(on), call_(&call), owner_(&owner)
    {}

    // Rows the statement matched, also those that already held the new values. A broken UNIQUE
    // throws unique_violation.
    template <class... Args>
    std::int64_t execute(statement const& what, Args const&... args)
    {
        auto const bound = db_detail::cells(args...);
        return execute_bound(what, bound);
    }

    // The new row's id. A broken UNIQUE throws unique_violation.
    template <class... Args>
    std::int64_t insert(statement const& what, Args const&... args)
    {
        auto const bound = db_detail::cells(args...);
        return insert_bound(what, bound);
    }

    // The new row's id, or nothing when a UNIQUE or PRIMARY KEY refuses it; then the transaction
    // stands as it was before the statement. Other constraints throw.
    template <class... Args>
    std::optional<std::int64_t> try_insert(statement const& what, Args const&... args)
    {
        auto const bound = db_detail::cells(args...);
        return try_insert_bound(what, bound);
    }

    call_context const& call() const noexcept { return *call_; }  // For whom it is done.
    // From here on it is done for `call`, which must outlive that: the consumer loop does each
    // event for its own trace.
    void act_for(call_context const& call) noexcept { call_ = &call; }
    std::string_view producer() const noexcept { return owner_->producer; }  // "order-service".
    clock const& now_from() const noexcept { return *owner_->now; }

    // This transaction added to the outbox: the relay is to be woken once it is durable.
    void note_outbox() noexcept { outbox_noted_ = true; }
    bool outbox_noted() const noexcept { return outbox_noted_; }

private:
    friend class savepoint;

    std::int64_t execute_bound(statement const& what, std::span<engine::cell const> arguments);
    std::int64_t insert_bound(statement const& what, std::span<engine::cell const> arguments);
    std::optional<std::int64_t> try_insert_bound(statement const& what,
                                                 std::span<engine::cell const> arguments);

    call_context const* call_;
    transaction_owner const* owner_;
    bool outbox_noted_ = false;
    bool step_open_ = false;
};

// A step inside an action that can be undone without the rest: the consumer loop takes one per
// message. Undone by the destructor unless `keep()` was called. Steps do not nest
// (std::logic_error).
class [[nodiscard]] savepoint
{
public:
    explicit savepoint(transaction& of);
    ~savepoint();
    savepoint(savepoint const&) = delete;
    savepoint& operator=(savepoint const&) = delete;

    void keep();
    // Undoes now. Throws `outage` when the whole transaction is gone with it: let it pass, nothing
    // can be saved.
    void undo();

private:
    transaction* of_;
    bool open_ = true;
};

}  // namespace mc
