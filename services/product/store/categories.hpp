#pragma once

#include <optional>
#include <vector>

#include "platform/core/row_window.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

// The table `categories`.
namespace mc::product_service::categories
{

// With its id; nothing when the slug is taken.
std::optional<category> add(transaction& tx, category made);
// Compare-and-set on the version before.
enum class saved
{
    yes,
    slug_taken,
    lost_race
};
saved save(transaction& tx, category const& after);

// Whatever its state.
std::optional<category> find(snapshot& in, id_of<category> id);
// Those that are active, by name, and how many there are in all.
struct category_list
{
    std::vector<category> rows;
    std::int64_t total = 0;
};
category_list list_active(snapshot& in, row_window rows);

// Compare-and-set on the version before, and on there being no product in it.
bool remove(transaction& tx, category const& after);

// Active products in it; kept by these two in the transaction of each change.
std::int64_t product_count(snapshot& in, id_of<category> id);
bool count_in(transaction& tx, id_of<category> id);  // False: it is not active any more.
void count_out(transaction& tx, id_of<category> id);

}  // namespace mc::product_service::categories
