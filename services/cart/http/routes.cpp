#include "services/cart/http/routes.hpp"

#include "services/cart/http/handlers.hpp"

namespace mc::cart_service
{

using http::access;
using http::bind;

namespace
{

constexpr std::string_view only_users = "Only users can add to cart";

}  // namespace

void add_routes(http::router& to, deps& use)
{
    to.get("/carts/me", access::user, bind<get_my_cart>(use), "My cart");
    to.get("/carts/{userId}", access::owner, bind<get_cart_of_user>(use), "The cart of a user")
        .replies(404, "Cart not found")
        .replies(502, "The user service does not answer");
    to.post("/carts/me/items", access::customer, bind<add_item>(use), "Put a product into my cart")
        .forbidden(only_users)
        .replies(404, "Product unavailable")
        .replies(409, "A cart holds one currency")
        .replies(502, "The product service does not answer");
    to.put("/carts/me/items/{productId}", access::customer, bind<set_quantity>(use),
           "Set the quantity of a product in my cart; 0 removes it")
        .forbidden(only_users)
        .replies(404, "This product is not in your cart")
        .replies(409, "A cart holds one currency")
        .replies(502, "The product service does not answer")
        .own();
    to.del("/carts/me/items/{productId}", access::customer, bind<remove_item>(use),
           "Take a product out of my cart")
        .forbidden(only_users)
        .replies(404, "This product is not in your cart")
        .own();
    to.del("/carts/me/items", access::customer, bind<empty_cart>(use), "Empty my cart")
        .forbidden(only_users)
        .own();
}

}  // namespace mc::cart_service
