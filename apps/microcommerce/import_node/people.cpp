#include "apps/microcommerce/import_node/people.hpp"

#include "services/user/imports/bring_users.hpp"

namespace mc::app::import_node
{
namespace
{

constexpr std::int64_t word_bits = 64;

struct place
{
    std::int64_t word;
    std::uint64_t bit;
};

// Numbers are positive wherever they are believed; others have a place as well.
place place_of(std::int64_t number)
{
    std::int64_t const within = number & (word_bits - 1);
    return {(number - within) / word_bits, std::uint64_t{1} << within};
}

}  // namespace

void number_set::insert(std::int64_t number)
{
    place const at = place_of(number);
    words_[at.word] |= at.bit;
}

bool number_set::contains(std::int64_t number) const
{
    place const at = place_of(number);
    auto const found = words_.find(at.word);
    return found != words_.end() && (found->second & at.bit) != 0;
}

people::people(database* accounts) : accounts_(accounts)
{
    were_brought_ =
        accounts_ != nullptr && accounts_->read_now(user_service::imports::were_brought);
}

void people::note(std::vector<mc::imports::verdict> const& of_users)
{
    for (mc::imports::verdict const& each : of_users)
        if (each.what != mc::imports::outcome::skipped)
        {
            known_.insert(each.id);
            were_brought_ = true;
        }
}

void people::look_up(std::set<std::int64_t> const& numbers, mc::imports::surroundings& into)
{
    if (accounts_ == nullptr)
        return;
    std::vector<std::int64_t> in_question;
    for (std::int64_t const number : numbers)
        if (!known_.contains(number))
            in_question.push_back(number);
    user_service::imports::strangers strange =
        accounts_->read_now(user_service::imports::strangers_among, in_question);
    into.others = std::move(strange.others);
    if (were_brought_)
        into.unknown = std::move(strange.unknown);
    for (std::int64_t const number : in_question)
        if (!into.others.contains(number) && !strange.unknown.contains(number) &&
            !into.unknown.contains(number))
            known_.insert(number);
}

}  // namespace mc::app::import_node
