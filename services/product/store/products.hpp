#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/row_window.hpp"
#include "platform/db/batch_of.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

// The tables `products` and `product_images`.
namespace mc::product_service::products
{

enum class order_by
{
    newest,
    price_asc,
    price_desc,
    name
};

// What a list may be narrowed to; an empty member does not narrow.
struct filter
{
    std::optional<id_of<category>> category_id;
    std::optional<std::int64_t> min_price;  // In ten-thousandths of the currency's unit.
    std::optional<std::int64_t> max_price;
    std::optional<bool> in_stock;
    std::optional<id_of<user>> supplier_id;

    bool is_plain() const noexcept;  // At most a category: no row has to be looked at in vain.
};

// A product as lists and detail show it: its images are JSON already.
struct shown_product
{
    product of;          // Without images.
    std::string images;  // A JSON array.
};

struct product_list
{
    std::vector<shown_product> rows;
    std::int64_t total = 0;
};

enum class saved
{
    yes,
    name_taken,
    lost_race
};
// Gives it its ids, and a slug with a number when another name has its slug.
saved add(transaction& tx, product& made);

// Compare-and-set on the version before. A changed name or switching off frees the old name and
// slug.
saved save(transaction& tx, product& after, product const& before);

// What inventory tells of a product.
struct told_stock
{
    id_of<product> id;
    std::int64_t available = 0;
    std::int64_t version = 0;  // Inventory's.
};
// Shown unless newer things were told of the product: also of one that is gone. The product's own
// version stays. Each product is there once.
void show_stock(transaction& tx, std::vector<told_stock> const& all);

// Whatever its state, with its images.
std::optional<product> find(snapshot& in, id_of<product> id);

std::vector<product_image> images_of(snapshot& in, id_of<product> id);

// Only what is active, in an active category.
std::optional<shown_product> show(snapshot& in, id_of<product> id);
std::vector<std::optional<shown_product>> show_each(snapshot& in, batch_of<id_of<product>> all);
// What can be bought now: shown, in stock, with a picture.
std::optional<product> find_offered(snapshot& in, id_of<product> id);
product_list list(snapshot& in, filter by, order_by sorted, row_window rows);

}  // namespace mc::product_service::products
