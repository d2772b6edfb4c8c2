#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "platform/core/time.hpp"
#include "platform/db/jobs.hpp"
#include "platform/db/transaction.hpp"

// Actions on their way to a writer.
namespace mc::db_detail
{

enum class outcome
{
    keep,
    undo,
    again  // The action lost a race: undo, and run it once more later.
};

template <class R>
outcome outcome_of(result<R> const& answer) noexcept
{
    if (answer.has_value())
        return outcome::keep;
    return answer.error().kind == error_kind::lost_race ? outcome::again : outcome::undo;
}

class write_job : public job
{
public:
    virtual outcome run(transaction& tx) = 0;
    // Runs all, which are of one kind; `latest` of those that were served is `keep` afterwards.
    virtual void run_batch(transaction&, std::span<write_job* const>) {}

    batch_kind kind() const noexcept { return wants == company::welcome ? usual_kind() : nullptr; }

    int runs = 0;
    std::uint64_t ticket = 0;  // Its place among those that wait.
    // A batch has passed it over, or was undone.
    enum class company
    {
        welcome,
        none
    } wants = company::welcome;
    steady_time not_before = steady_time::min();
    outcome latest = outcome::undo;

protected:
    ~write_job() = default;
    virtual batch_kind usual_kind() const noexcept { return nullptr; }
};

template <class R, class... P>
class action_job final : public write_job
{
public:
    template <class... A>
    explicit action_job(result<R> (*action)(transaction&, P...), A&&... args)
        : action_(action), args_(std::forward<A>(args)...)
    {}

    outcome run(transaction& tx) override
    {
        answer_.emplace(
            std::apply([&](auto const&... args) { return action_(tx, args...); }, args_));
        return outcome_of(*answer_);
    }

    result<R> take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    result<R> (*action_)(transaction&, P...);
    std::tuple<typename kept<P>::type...> args_;
    std::optional<result<R>> answer_;
};

// See database::write_batched.
template <auto Alone, auto Batched, class Wanted>
class batched_job final : public write_job
{
public:
    using wanted_type = Wanted;
    using answer_type = std::invoke_result_t<decltype(Alone), transaction&, Wanted const&>;

    explicit batched_job(Wanted wanted) : wanted_(std::move(wanted)) {}

    Wanted const& wanted() const noexcept { return wanted_; }

    outcome run(transaction& tx) override
    {
        answer_.emplace(Alone(tx, wanted_));
        return outcome_of(*answer_);
    }

    void run_batch(transaction& tx, std::span<write_job* const> all) override
    {
        auto answers = Batched(tx, items_of<batched_job>(all));
        for (std::size_t at = 0; at < answers.size() && at < all.size(); ++at)
            if (answers[at])
            {
                static_cast<batched_job*>(all[at])->answer_.emplace(std::move(*answers[at]));
                all[at]->latest = outcome::keep;
            }
    }

    answer_type take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    static constexpr char address = 0;  // Where it is is what counts.
    batch_kind usual_kind() const noexcept override { return &address; }

    Wanted wanted_;
    std::optional<answer_type> answer_;
};

}  // namespace mc::db_detail
