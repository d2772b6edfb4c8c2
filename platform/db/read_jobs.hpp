#pragma once

#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/db/jobs.hpp"
#include "platform/db/snapshot.hpp"

// Queries on their way to a reader thread.
namespace mc::db_detail
{

class read_job : public job
{
public:
    virtual void run(snapshot& reading) = 0;
    // Runs all, which are of one kind.
    virtual void run_batch(snapshot&, std::span<read_job* const>) {}
    virtual batch_kind kind() const noexcept { return nullptr; }

    enum class states
    {
        one,
        one_per_statement
    } sees = states::one;

protected:
    ~read_job() = default;
};

template <class R, class... P>
class query_job final : public read_job
{
public:
    template <class... A>
    explicit query_job(R (*query)(snapshot&, P...), A&&... args)
        : query_(query), args_(std::forward<A>(args)...)
    {}

    void run(snapshot& reading) override
    {
        answer_.emplace(
            std::apply([&](auto const&... args) { return query_(reading, args...); }, args_));
    }

    R take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    R (*query_)(snapshot&, P...);
    std::tuple<typename kept<P>::type...> args_;
    std::optional<R> answer_;
};

// See database::look_up_batched.
template <auto Alone, auto Batched, class Wanted>
class batched_query_job final : public read_job
{
public:
    using wanted_type = Wanted;
    using answer_type = std::invoke_result_t<decltype(Alone), snapshot&, Wanted const&>;

    explicit batched_query_job(Wanted wanted) : wanted_(std::move(wanted))
    {
        sees = states::one_per_statement;
    }

    Wanted const& wanted() const noexcept { return wanted_; }
    batch_kind kind() const noexcept override { return &address; }

    void run(snapshot& reading) override { answer_.emplace(Alone(reading, wanted_)); }

    void run_batch(snapshot& reading, std::span<read_job* const> all) override
    {
        std::vector<answer_type> answers = Batched(reading, items_of<batched_query_job>(all));
        if (answers.size() != all.size())
            throw std::logic_error("a look-up of many gives one answer to each");
        for (std::size_t at = 0; at < all.size(); ++at)
            static_cast<batched_query_job*>(all[at])->answer_.emplace(std::move(answers[at]));
    }

    answer_type take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    static constexpr char address = 0;

    Wanted wanted_;
    std::optional<answer_type> answer_;
};

}  // namespace mc::db_detail
