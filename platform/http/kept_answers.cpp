#include "platform/http/kept_answers.hpp"

#include "platform/db/database.hpp"

namespace mc::http
{

std::optional<std::int64_t> kept_answers::state() const noexcept { return of_.state(); }

std::shared_ptr<response const> kept_answers::find(std::int64_t state,
                                                   std::string_view target) const
{
    std::lock_guard const lock(guard_);
    if (state != state_)
        return nullptr;
    auto const found = answers_.find(target);
    return found == answers_.end() ? nullptr : found->second;
}

// An answer read after `state` was asked for may already show a later state. That does no harm:
// it is newer than its number says, and gone as soon as the number moves.
void kept_answers::keep(std::int64_t state, std::string_view target, response const& given)
{
    std::shared_ptr<response const> kept = std::make_shared<response const>(given);
    std::size_t const bytes = target.size() + given.body.size() + answer_bytes;
    std::lock_guard const lock(guard_);
    if (state < state_ || bytes > bytes_max)
        return;
    if (state > state_ || bytes_ + bytes > bytes_max)
    {
        answers_.clear();
        bytes_ = 0;
    }
    state_ = state;
    if (answers_.try_emplace(std::string(target), std::move(kept)).second)
        bytes_ += bytes;
}

}  // namespace mc::http
