#include "services/order/http/routes.hpp"

#include "services/order/http/handlers.hpp"

namespace mc::order_service
{

using http::access;
using http::bind;

void add_routes(http::router& to, deps& use)
{
    to.post("/orders/me", access::customer, bind<place_order>(use), "Order a product from my cart")
        .forbidden("Only users can create orders")
        .replies(400, "Cart is empty")
        .replies(404, "Cart not found")
        .replies(409, "Insufficient stock. Available quantity: 3")
        .replies(502, "The cart service does not answer")
        .replies(503, "The inventory service gives no definite answer");
    to.post("/orders/me/checkout", access::customer, bind<checkout>(use), "Order my whole cart")
        .forbidden("Only users can create orders")
        .replies(400, "Cart is empty")
        .replies(404, "Cart not found")
        .replies(409, "Insufficient stock. Available quantity: 3")
        .replies(502, "The cart service does not answer")
        .replies(503, "The inventory service gives no definite answer")
        .own();
    to.get("/orders/me", access::user, bind<list_my_orders>(use), "My orders, newest first");
    to.get("/orders", access::admin, bind<list_orders>(use), "All orders, newest first").own();
    to.get("/orders/user/{userId}", access::owner, bind<list_orders_of_user>(use),
           "Orders of a user, newest first");
    to.get("/orders/{orderId}", access::user, bind<get_order>(use), "One order")
        .replies(403, "Forbidden")
        .replies(404, "Order not found");
    to.get("/orders/{orderId}/timeline", access::user, bind<get_order_timeline>(use),
           "What has happened to an order, oldest first")
        .replies(403, "Forbidden")
        .replies(404, "Order not found")
        .own();
    to.patch("/orders/{orderId}/cancel", access::user, bind<cancel_order>(use),
             "Cancel while it is pending")
        .replies(400, "Only pending orders can be cancelled")
        .replies(403, "Forbidden")
        .replies(404, "Order not found");
    to.patch("/orders/{orderId}/status", access::admin, bind<set_order_status>(use),
             "Move an order along")
        .forbidden("Only admin can update order status")
        .replies(404, "Order not found");
}

}  // namespace mc::order_service
