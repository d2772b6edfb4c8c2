#include "platform/db/transaction.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace mc
{

namespace db_detail
{

run::run(engine::connection& on, statement const& what, std::span<engine::cell const> arguments)
    : on_(&on.prepare(what))
{
    on_->start(arguments);
}

bool run::next()
{
    switch (on_->next())
    {
    case engine::step::row:            return true;
    case engine::step::done:           return false;
    case engine::step::refused_unique: break;
    }
    throw unique_violation(fmt::format("statement {}: {}", on_->name(), on_->why()));
}

void run::expect_columns(int wanted) const
{
    if (on_->columns() != wanted)
        throw std::logic_error(fmt::format("statement {}: {} columns for a row of {}", on_->name(),
                                           on_->columns(), wanted));
}

void run::refuse_second_row() const
{
    throw std::logic_error(fmt::format("statement {}: more than one row", on_->name()));
}

}  // namespace db_detail

std::optional<std::int64_t> snapshot::number_of(statement const& what,
                                                std::span<engine::cell const> arguments) const
{
    db_detail::run running(*on_, what, arguments);
    if (running.row().columns() == 0)
        throw std::logic_error(fmt::format("statement {}: it gives no column", what.name));
    if (!running.next())
        return std::nullopt;
    return stored<std::optional<std::int64_t>>::read(running.row(), 0);
}

std::int64_t transaction::execute_bound(statement const& what,
                                        std::span<engine::cell const> arguments)
{
    db_detail::run running(*on_, what, arguments);
    while (running.next())
    {}
    return running.row().rows_matched();
}

std::int64_t transaction::insert_bound(statement const& what,
                                       std::span<engine::cell const> arguments)
{
    db_detail::run running(*on_, what, arguments);
    while (running.next())
    {}
    return running.row().inserted_id();
}

std::optional<std::int64_t> transaction::try_insert_bound(statement const& what,
                                                          std::span<engine::cell const> arguments)
{
    db_detail::run running(*on_, what, arguments);
    engine::step reached = running.step();
    while (reached == engine::step::row)
        reached = running.step();
    if (reached == engine::step::refused_unique)
        return std::nullopt;
    return running.row().inserted_id();
}

savepoint::savepoint(transaction& of) : of_(&of)
{
    if (of.step_open_)
        throw std::logic_error("a savepoint inside a savepoint");
    of.on_->savepoint(1);
    of.step_open_ = true;
}

savepoint::~savepoint()
{
    try
    {
        undo();
    }
    catch (std::exception const&)
    {
        // The whole transaction is gone then, and the writer sees that after the action.
    }
}

void savepoint::keep()
{
    if (!open_)
        return;
    of_->on_->release(1);
    open_ = false;
    of_->step_open_ = false;
}

void savepoint::undo()
{
    if (!open_)
        return;
    open_ = false;
    of_->step_open_ = false;
    of_->on_->rollback_to(1);
}

}  // namespace mc
