#include "services/product/http/routes.hpp"

#include "services/product/demo/pictures.hpp"
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
        .replies(409, "Category already exists")
        .body_max(product_body_max);
    to.put("/categories/{id}", access::admin, bind<change_category>(use), "Change a category")
        .bad_path(invalid_category_id)
        .replies(404, "Category not found")
        .replies(409, "Category already exists")
        .body_max(product_body_max)
        .own();
    to.del("/categories/{id}", access::admin, bind<delete_category>(use),
           "Take a category without products off the catalogue")
        .bad_path(invalid_category_id)
        .replies(404, "Category not found")
        .replies(409, "The category has products");

    to.get("/products", access::open, bind<list_products>(use), "Products, newest first")
        .conditional()
        .kept_until_commit(use.db);
    to.get("/products/{id}", access::open, bind<get_product>(use), "One product")
        .bad_path(invalid_product_id)
        .replies(404, "Product not found")
        .conditional()
        .kept_until_commit(use.db);
    to.post("/products", access::supplier, bind<add_product>(use), "Add a product")
        .replies(404, "Category not found or inactive")
        .replies(409, "Product already exists")
        .body_max(product_body_max);
    to.put("/products/{id}", access::supplier, bind<change_product>(use),
           "Change a product of mine")
        .bad_path(invalid_product_id)
        .replies(404, "Product not found")
        .replies(409, "Product already exists, or its stock is kept by the inventory service")
        .body_max(product_body_max)
        .own();
    to.del("/products/{id}", access::supplier, bind<delete_product>(use),
           "Take a product of mine off the catalogue")
        .bad_path(invalid_product_id)
        .replies(404, "Product not found");

    to.get("/internal/products/{id}", access::open, bind<get_offer>(use),
           "What a cart needs to know of a product")
        .bad_path(invalid_product_id)
        .replies(404, "Product unavailable")
        .kept_until_commit(use.db);
    to.get("/demo/images/{name}", access::open, bind<get_picture>(use),
           "A drawn picture for demonstration products")
        .replies(404, "Not Found")
        .conditional();
}

}  // namespace mc::product_service
