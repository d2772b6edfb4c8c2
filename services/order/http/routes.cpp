#include "services/order/http/routes.hpp"

#include "services/order/domain/errors.hpp"
#include "services/order/http/examples.hpp"
#include "services/order/http/handlers.hpp"

namespace mc::order_service
{

using http::access;
using http::bind;

namespace
{

currency some_currency() { return currency::from("USD").value(); }

// Both ways to order go through the cart and, where there is one, inventory.
void describe_placing(http::route& row)
{
    money const total(1999, some_currency());
    row.forbidden("Only users can create orders")
        .answers<order_view>()
        .refuses({cart_is_empty(), invalid_price_in_cart(), mixed_currencies_in_cart(),
                  total_too_large(some_currency()), account_deleted(),
                  cart_refused(error_kind::invalid, "What the cart service says"),
                  cart_refused(error_kind::forbidden, "What the cart service says"),
                  cart_not_found("Cart not found"), not_the_expected_total(total, "9.99"),
                  cart_changed(), changed_meanwhile(),
                  cart_throttled("Too many requests, please try again later.", 1), cart_unusable(),
                  inventory_unusable(), cart_unavailable(), inventory_unavailable(),
                  hold_nearly_over()})
        .replies<insufficient_stock_view>(409, insufficient_stock_message(3),
                                          insufficient_stock_code)
        .replies(409, "or the cart or its total is another one by now");
}

}  // namespace

void add_routes(http::router& to, deps& use)
{
    http::route& placing = to.post("/orders/me", access::customer, bind<place_order>(use),
                                   "Order a product from my cart");
    describe_placing(placing);
    placing.refuses({product_not_in_cart(), invalid_quantity(), only_so_many_in_cart(3)})
        .replies(502, "The cart service does not answer")
        .replies(503, "The inventory service gives no definite answer")
        .example(examples::product_to_order, examples::order);
    http::route& checking_out = to.post("/orders/me/checkout", access::customer,
                                        bind<checkout>(use), "Order my whole cart");
    describe_placing(checking_out);
    checking_out
        .refuses({address_not_found(), address_refused("Forbidden"), addresses_unusable(),
                  addresses_throttled("Too many requests, please try again later.", 1),
                  addresses_unavailable()})
        .replies(502, "The cart or the user service does not answer")
        .replies(503, "The inventory or the user service gives no definite answer")
        .example(examples::checkout, examples::shipped_order)
        .own();
    to.get("/orders/me", access::user, bind<list_my_orders>(use), "My orders, newest first");
    to.get("/orders", access::admin, bind<list_orders>(use), "All orders, newest first").own();
    to.get("/orders/user/{userId}", access::owner, bind<list_orders_of_user>(use),
           "Orders of a user, newest first");
    to.get("/orders/{orderId}", access::user, bind<get_order>(use), "One order")
        .refuses({not_your_order(), order_not_found()});
    to.get("/orders/{orderId}/timeline", access::user, bind<get_order_timeline>(use),
           "What has happened to an order, oldest first")
        .refuses({not_your_order(), order_not_found()})
        .own();
    to.patch("/orders/{orderId}/cancel", access::user, bind<cancel_order>(use),
             "Cancel while it is pending")
        .refuses({only_pending_can_be_cancelled(), not_your_order(), order_not_found(),
                  changed_meanwhile()});
    to.patch("/orders/{orderId}/status", access::admin, bind<set_order_status>(use),
             "Move an order along")
        .forbidden("Only admin can update order status")
        .refuses({no_such_status(), wrong_status(order_status::pending, order_status::shipped),
                  order_not_found(), changed_meanwhile()});
}

}  // namespace mc::order_service
