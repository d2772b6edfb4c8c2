#include "services/product/events/outgoing.hpp"

#include <algorithm>

namespace mc::product_service
{
namespace
{

std::vector<std::string> urls_of(product const& of)
{
    std::vector<std::string> urls;
    for (product_image const& image : of.images)
        urls.push_back(image.url);
    return urls;
}

}  // namespace

contracts::product_created product_created_from(product const& made)
{
    return {.id = made.id,
            .category_id = made.category_id,
            .category_name = made.category_name,
            .name = made.name,
            .slug = made.slug,
            .description = made.description,
            .price = {to_js_number(made.price)},
            .price_minor = made.price.minor(),
            .currency = std::string(made.price.in().code()),
            .initial_stock = made.stock_quantity,
            .is_active = made.is_active,
            .owner_user_id = made.created_by,
            .owner_role = made.created_by_role,
            .images = urls_of(made),
            .primary_image_url = primary_image_url(made),
            .version = made.version};
}

contracts::product_updated product_updated_from(product const& after,
                                                std::vector<std::string> changed)
{
    json::omitted<std::int64_t> stock;
    if (std::ranges::count(changed, "stockQuantity") > 0)
        stock.emplace(after.stock_quantity);
    return {.id = after.id,
            .category_id = after.category_id,
            .category_name = after.category_name,
            .name = after.name,
            .slug = after.slug,
            .description = after.description,
            .price = {to_js_number(after.price)},
            .price_minor = after.price.minor(),
            .currency = std::string(after.price.in().code()),
            .is_active = after.is_active,
            .owner_user_id = after.created_by,
            .owner_role = after.created_by_role,
            .images = urls_of(after),
            .primary_image_url = primary_image_url(after),
            .version = after.version,
            .changed = std::move(changed),
            .stock_quantity = stock};
}

contracts::category_created category_created_from(category const& made)
{
    return {.id = made.id,
            .name = made.name,
            .slug = made.slug,
            .description = made.description,
            .is_active = made.is_active,
            .version = made.version};
}

contracts::category_updated category_updated_from(category const& after)
{
    return {.id = after.id,
            .name = after.name,
            .slug = after.slug,
            .description = after.description,
            .is_active = after.is_active,
            .version = after.version};
}

contracts::category_deleted category_deleted_from(category const& gone)
{
    return {.id = gone.id,
            .name = gone.name,
            .slug = gone.slug,
            .description = gone.description,
            .is_active = gone.is_active,
            .version = gone.version};
}

std::vector<std::string> differences_between(product const& before, product const& after)
{
    std::vector<std::string> names;
    if (before.category_id != after.category_id)
        names.emplace_back("categoryId");
    if (before.name != after.name)
        names.emplace_back("name");
    if (before.description != after.description)
        names.emplace_back("description");
    if (before.price.minor() != after.price.minor())
        names.emplace_back("price");
    if (before.price.in() != after.price.in())
        names.emplace_back("currency");
    if (before.stock_quantity != after.stock_quantity)
        names.emplace_back("stockQuantity");
    if (!same_images(before.images, after.images))
        names.emplace_back("images");
    return names;
}

}  // namespace mc::product_service
