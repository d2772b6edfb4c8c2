#include "services/product/http/messages.hpp"

#include <utility>

#include "platform/json/write.hpp"
#include "services/product/store/rows.hpp"

namespace mc::product_service
{

category_list_item item_of(category const& shown)
{
    return {.id = shown.id,
            .name = shown.name,
            .slug = shown.slug,
            .description = shown.description,
            .is_active = shown.is_active,
            .created_at = shown.created_at,
            .updated_at = shown.updated_at};
}

category_list_view view_of(categories::category_list const& shown, http::page_window window)
{
    category_list_view view{.count = static_cast<std::int64_t>(shown.rows.size()),
                            .categories = {},
                            .page = {},
                            .page_size = {},
                            .total = {},
                            .total_pages = {}};
    for (category const& each : shown.rows)
        view.categories.push_back(item_of(each));
    http::tell_page(view, window, shown.total);
    return view;
}

category_view view_of(category const& shown)
{
    return {.id = shown.id,
            .name = shown.name,
            .slug = shown.slug,
            .description = shown.description,
            .is_active = shown.is_active,
            .created_by_user_id = shown.created_by,
            .created_at = shown.created_at,
            .updated_at = shown.updated_at};
}

product_view view_of(products::shown_product&& shown)
{
    product& of = shown.of;
    return {.id = of.id,
            .category_id = of.category_id,
            .category_name = std::move(of.category_name),
            .name = std::move(of.name),
            .slug = std::move(of.slug),
            .description = std::move(of.description),
            .price = {of.price},
            .currency = of.price.in(),
            .stock_quantity = of.stock_quantity,
            .is_active = of.is_active,
            .created_by_user_id = of.created_by,
            .created_by_role = std::move(of.created_by_role),
            .created_at = of.created_at,
            .updated_at = of.updated_at,
            .images = {std::move(shown.images)}};
}

product_view view_of(product const& shown)
{
    std::vector<image_view> images;
    for (product_image const& image : shown.images)
        images.push_back(view_of(image));
    return view_of(products::shown_product{.of = shown, .images = json::to_text(images)});
}

product_list_view view_of(products::product_list&& shown, http::page_window window)
{
    product_list_view view{.count = static_cast<std::int64_t>(shown.rows.size()),
                           .products = {},
                           .page = {},
                           .page_size = {},
                           .total = {},
                           .total_pages = {}};
    view.products.reserve(shown.rows.size());
    for (products::shown_product& each : shown.rows)
        view.products.push_back(view_of(std::move(each)));
    http::tell_page(view, window, shown.total);
    return view;
}

}  // namespace mc::product_service
