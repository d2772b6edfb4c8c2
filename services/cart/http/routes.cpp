#include "services/cart/http/routes.hpp"

#include "services/cart/domain/errors.hpp"
#include "services/cart/http/examples.hpp"
#include "services/cart/http/handlers.hpp"

namespace mc::cart_service
{

using http::access;
using http::bind;

namespace
{

constexpr std::string_view only_users = "Only users can add to cart";

currency some_currency() { return currency::from("USD").value(); }

}  // namespace

void add_routes(http::router& to, deps& use)
{
    to.get("/carts/me", access::user, bind<get_my_cart>(use), "My cart");
    to.get("/carts/{userId}", access::owner, bind<get_cart_of_user>(use), "The cart of a user")
        .refuses({cart_not_found(), users_unusable()})
        .replies(502, "The user service does not answer");
    to.post("/carts/me/items", access::customer, bind<add_item>(use), "Put a product into my cart")
        .forbidden(only_users)
        .answers<cart_view>()
        .refuses({product_unavailable(), insufficient_stock(5, 6), mixed_currency("USD", "EUR"),
                  too_many_lines(), total_too_large(some_currency()), changed_meanwhile(),
                  catalogue_unusable(), catalogue_away()})
        .replies(502, "The product service does not answer")
        .example(examples::item_to_add, examples::cart);
    to.put("/carts/me/items/{productId}", access::customer, bind<set_quantity>(use),
           "Set the quantity of a product in my cart; 0 removes it")
        .forbidden(only_users)
        .refuses({product_not_in_cart(), product_unavailable(), insufficient_stock(5, 6),
                  mixed_currency("USD", "EUR"), total_too_large(some_currency()),
                  changed_meanwhile(), catalogue_unusable(), catalogue_away()})
        .replies(502, "The product service does not answer")
        .example(examples::quantity_to_set, examples::cart)
        .own();
    to.del("/carts/me/items/{productId}", access::customer, bind<remove_item>(use),
           "Take a product out of my cart")
        .forbidden(only_users)
        .refuses({product_not_in_cart(), changed_meanwhile()})
        .own();
    to.del("/carts/me/items", access::customer, bind<empty_cart>(use), "Empty my cart")
        .forbidden(only_users)
        .refuses({changed_meanwhile()})
        .own();
}

}  // namespace mc::cart_service
