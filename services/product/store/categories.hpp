#pragma once

#include <optional>
#include <vector>

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
category_list list_active(snapshot& in, std::int64_t limit, std::int64_t offset);

// Active products in it; kept by `count_products` in the transaction of each change.
std::int64_t product_count(snapshot& in, id_of<category> id);
void count_products(transaction& tx, id_of<category> id, std::int64_t more);

}  // namespace mc::product_service::categories
