#pragma once

#include <type_traits>
#include <vector>

#include "platform/db/batch_of.hpp"
#include "platform/db/snapshot.hpp"

namespace mc::testing
{

template <class Answer>
struct told_both_ways
{
    std::vector<Answer> together;
    std::vector<Answer> singly;
};

// What a look-up of many answers, and the look-up of one for each (see database::look_up_batched):
//     db.read_now(testing::both_ways<stock_of, stock_of_each, id_of<product>>, ids)
template <auto Alone, auto Batched, class Wanted>
auto both_ways(snapshot& in, std::vector<Wanted> const& wanted)
    -> told_both_ways<std::invoke_result_t<decltype(Alone), snapshot&, Wanted const&>>
{
    call_context const call;
    std::vector<batch_item<Wanted>> items;
    for (Wanted const& each : wanted)
        items.push_back({each, call});
    told_both_ways<std::invoke_result_t<decltype(Alone), snapshot&, Wanted const&>> told;
    told.together = Batched(in, items);
    for (Wanted const& each : wanted)
        told.singly.push_back(Alone(in, each));
    return told;
}

}  // namespace mc::testing
