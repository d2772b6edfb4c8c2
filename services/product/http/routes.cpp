#include "services/product/http/routes.hpp"

#include "services/product/demo/pictures.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/http/handlers.hpp"

namespace mc::product_service
{

using http::access;
using http::bind;

namespace
{

constexpr std::size_t product_body_max = 204'800;  // Bytes.

error invalid_product_id(actor const*)
{
    return {error_kind::invalid, "product.invalid_id", "Invalid product id"};
}

money some_price() { return {money_minor_max, currency::from("USD").value()}; }

error invalid_category_id(actor const*)
{
    return {error_kind::invalid, "category.invalid_id", "Invalid category id"};
}

}  // namespace

void add_routes(http::router& to, deps& use)
{
    to.get("/categories", access::open, bind<list_categories>(use), "Categories by name")
        .conditional()
        .kept_until_commit(use.db);
    to.post("/categories", access::admin, bind<add_category>(use), "Add a category")
        .refuses({invalid_category_name(), category_exists(), changed_meanwhile()})
        .body_max(product_body_max);
    to.get("/categories/{id}", access::open, bind<get_category>(use), "One category")
        .bad_path(invalid_category_id)
        .refuses({category_not_found()})
        .conditional()
        .kept_until_commit(use.db)
        .own();
    to.put("/categories/{id}", access::admin, bind<change_category>(use), "Change a category")
        .bad_path(invalid_category_id)
        .refuses({invalid_category_name(), nothing_to_change(), category_not_found(),
                  category_exists(), changed_meanwhile(), not_that_version(4)})
        .replies(412, "If-Match names another version")
        .versioned()
        .body_max(product_body_max)
        .own();
    to.del("/categories/{id}", access::admin, bind<delete_category>(use),
           "Take a category without products off the catalogue")
        .bad_path(invalid_category_id)
        .refuses({category_not_found(), category_in_use(), changed_meanwhile()});

    to.get("/products", access::open, bind<list_products>(use), "Products, newest first")
        .refuses({invalid_price_filter("minPrice")})
        .conditional()
        .kept_until_commit(use.db);
    to.get("/products/{id}", access::open, bind<get_product>(use), "One product")
        .bad_path(invalid_product_id)
        .refuses({product_not_found()})
        .conditional()
        .kept_until_commit(use.db);
    to.post("/products", access::supplier, bind<add_product>(use), "Add a product")
        .refuses({invalid_product_name(), price_not_positive(), price_too_large(some_price()),
                  price_too_precise("USD", 2), unknown_currency(), category_not_found_or_inactive(),
                  product_exists(), changed_meanwhile()})
        .body_max(product_body_max);
    to.put("/products/{id}", access::supplier, bind<change_product>(use),
           "Change a product of mine")
        .bad_path(invalid_product_id)
        .refuses({invalid_product_name(), price_not_positive(), price_too_large(some_price()),
                  price_too_precise("USD", 2), unknown_currency(), nothing_to_change(),
                  not_your_product(), product_not_found(), category_not_found_or_inactive(),
                  product_exists(), stock_is_inventorys(id_of<product>{7}), changed_meanwhile(),
                  not_that_version(4)})
        .replies(412, "If-Match names another version")
        .versioned()
        .body_max(product_body_max)
        .own();
    to.del("/products/{id}", access::supplier, bind<delete_product>(use),
           "Take a product of mine off the catalogue")
        .bad_path(invalid_product_id)
        .refuses({not_your_product(), product_not_found(), changed_meanwhile()});

    to.get("/internal/products/{id}", access::open, bind<get_offer>(use),
           "What a cart needs to know of a product")
        .bad_path(invalid_product_id)
        .refuses({product_unavailable()})
        .kept_until_commit(use.db);
    to.get("/demo/images/{name}", access::open, bind<get_picture>(use),
           "A drawn picture for demonstration products")
        .refuses({picture_not_found()})
        .conditional();
}

}  // namespace mc::product_service
