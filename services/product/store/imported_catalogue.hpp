#pragma once

#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

// Categories and products brought in from another system, in the tables `categories`, `products`
// and `product_images`.
namespace mc::product_service::imported_catalogue
{

enum class added
{
    yes,
    number_taken,
    name_taken  // Of a category its slug.
};

// Whether the slug it was given is free, or it got another.
enum class slug
{
    as_given,
    made_anew
};

// Under its own number, active or not.
added add(transaction& tx, category const& made);

// Under its own number, active or not; so are its images, but where a number is taken they get
// others. A slug that is taken becomes another one, made of the name. An active product's category
// is active.
struct added_product
{
    added what = added::yes;
    slug kept = slug::as_given;
};
added_product add(transaction& tx, product& made);

}  // namespace mc::product_service::imported_catalogue
