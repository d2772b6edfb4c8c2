#include "services/inventory/http/routes.hpp"

#include "services/inventory/domain/errors.hpp"
#include "services/inventory/http/examples.hpp"
#include "services/inventory/http/handlers.hpp"

namespace mc::inventory_service
{

using http::access;
using http::bind;

namespace
{

void add_internal_routes(http::router& to, deps& use)
{
    to.put("/internal/holds/{placementId}", access::internal, bind<hold_stock>(use),
           "Put units aside for an order that is being placed: all lines or none")
        .answers<contracts::stock_hold>(201)
        .replies<contracts::stock_hold>(200, "It is held already, or taken by its order")
        .replies<contracts::hold_refusal>(
            409, "Too little stock, or given back, or a product is not known yet")
        .refuses({invalid_placement_id(), other_lines()})
        .example(examples::lines_to_hold, examples::hold)
        .own();
    to.del("/internal/holds/{placementId}", access::internal, bind<release_hold>(use),
           "Give a hold back for ever; the same answer when there is none");
    to.get("/internal/orders/{orderId}/reservations", access::internal,
           bind<list_reservations_of_order>(use), "What is reserved for an order, by product")
        .example({}, examples::reservations_of_order);
}

}  // namespace

void add_routes(http::router& to, deps& use)
{
    to.get("/inventory", access::supplier, bind<list_stock>(use),
           "Stock of all products, or of mine, by product")
        .example({}, examples::stock)
        .own();
    to.get("/inventory/reservations", access::supplier, bind<list_reservations>(use),
           "Reservations of all products, or of mine, newest first")
        .example({}, examples::reservations)
        .own();
    to.get("/inventory/{productId}", access::open, bind<get_stock>(use),
           "How many units of a product there are")
        .refuses({item_not_found()})
        .example({}, examples::item)
        .conditional()
        .kept_until_commit(use.db);
    to.put("/inventory/{productId}/stock", access::supplier, bind<set_stock>(use),
           "Set how many units of a product of mine there are")
        .refuses({total_below_reserved(3), not_your_product(), product_not_found(),
                  changed_meanwhile(), not_that_version(7)})
        .replies(412, "If-Match names another version")
        .example(examples::stock_to_set, examples::item)
        .versioned();
    to.post("/inventory/{productId}/adjustments", access::supplier, bind<adjust_stock>(use),
            "Add units to a product of mine, or take some away")
        .answers<adjusted_view>()
        .refuses({delta_of_nothing(), not_your_product(), product_not_found(),
                  adjusted_below_reserved(8, 5), total_too_large(), changed_meanwhile()})
        .example(examples::adjustment, examples::adjusted)
        .own();
    to.get("/inventory/{productId}/movements", access::supplier, bind<list_movements>(use),
           "Every change of what is in the house, newest first")
        .refuses({not_your_product(), product_not_found()})
        .example({}, examples::movements)
        .own();
    to.put("/inventory/{productId}/settings", access::supplier, bind<set_stock_settings>(use),
           "From which level on a product of mine counts as low")
        .refuses({not_your_product(), product_not_found(), changed_meanwhile()})
        .example(examples::settings, examples::managed_item)
        .own();
    add_internal_routes(to, use);
}

}  // namespace mc::inventory_service
