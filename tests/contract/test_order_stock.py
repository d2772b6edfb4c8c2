"""Stock and time of an order: what is held for it, until when it waits, and who ended it why."""

from typing import Any

import pytest

from conftest import NewServer
from lib.parallel import at_once
from lib.shapes import check_error, check_order, is_id
from lib.shop import Actor, Person, Shop, buy_and_pay
from lib.waiting import wait_until

STOCK = "Insufficient stock. Available quantity: "


def stock_of(shop: Shop, product: dict[str, Any]) -> dict[str, Any]:
    return shop.anonymous.get(f"/inventory/{product['id']}").expect(200)


def wait_for_stock(shop: Shop, product: dict[str, Any], total: int, available: int) -> None:
    wait_until(
        lambda: (
            (now := stock_of(shop, product))["totalQuantity"] == total
            and now["availableQuantity"] == available
        ),
        f"inventory has {total} of the product and {available} to sell",
    )


def wait_until_shown(shop: Shop, product: dict[str, Any], available: int) -> None:
    wait_until(
        lambda: (
            shop.anonymous.get(f"/products/{product['id']}").expect(200)["stockQuantity"]
            == available
        ),
        f"the catalogue shows {available}",
    )


def steps_of(who: Actor, order: dict[str, Any]) -> list[str]:
    told = who.get(f"/orders/{order['id']}/timeline").expect(200)
    assert (told["orderId"], told["count"]) == (order["id"], len(told["timeline"]))
    return [entry["step"] for entry in told["timeline"]]


# --- too little stock -----------------------------------------------------------------------------


def test_more_than_there_is_is_a_409_that_names_every_shortage(shop: Shop) -> None:
    plenty, scarce = shop.product(stockQuantity=50), shop.product(stockQuantity=3)
    first, second = shop.user("First"), shop.user("Second")
    for person in (first, second):
        person.add(plenty, 2)
        person.add(scarce, 2)
    first.order(scarce)

    refused = second.post("/orders/me/checkout")

    body = check_error(refused, 409, STOCK + "1")
    assert body["code"] == "order.insufficient_stock"
    assert body["shortages"] == [{"productId": scarce["id"], "requested": 2, "available": 1}]
    assert second.get("/orders/me").expect(200)["count"] == 0
    # All lines or none: nothing of the other product is held.
    assert stock_of(shop, plenty)["reservedQuantity"] == 0
    assert len(second.cart()["items"]) == 2
    assert second.order(scarce, 1)["itemsCount"] == 1


def test_a_refusal_for_stock_is_not_kept_under_its_key(shop: Shop) -> None:
    product = shop.product(stockQuantity=1)
    first, second = shop.user("First"), shop.user("Second")
    first.add(product)
    second.add(product)
    order = first.order(product)
    keyed = second.with_headers(Idempotency_Key="again")
    check_error(keyed.post("/orders/me", {"productId": product["id"]}), 409, STOCK + "0")
    first.patch(f"/orders/{order['id']}/cancel").expect(200)
    wait_for_stock(shop, product, 1, 1)
    placed = keyed.post("/orders/me", {"productId": product["id"]}).expect(201)
    assert keyed.post("/orders/me", {"productId": product["id"]}).expect(201) == placed


def test_of_many_buyers_of_the_last_units_so_many_are_served_as_there_are_units(
    shop: Shop,
) -> None:
    product = shop.product(stockQuantity=5)
    buyers = [shop.user(f"Buyer {n}") for n in range(12)]
    for buyer in buyers:
        buyer.add(product)
    replies = at_once(
        len(buyers), lambda n: buyers[n].post("/orders/me", {"productId": product["id"]})
    )
    assert sorted(reply.status for reply in replies) == [201] * 5 + [409] * 7
    wait_for_stock(shop, product, 5, 0)
    wait_until_shown(shop, product, 0)
    check_error(
        shop.user().post("/carts/me/items", {"productId": product["id"]}),
        404,
        "Product unavailable",
    )


def test_a_product_made_this_moment_can_be_ordered(shop: Shop) -> None:
    for _ in range(5):
        product = shop.product(stockQuantity=2)
        order = shop.user().buy(product, 2)
        assert order["status"] == "pending"


# --- what a life does to the stock ----------------------------------------------------------------


def test_cancelling_gives_back_and_shipping_takes_out(shop: Shop, admin: Person) -> None:
    product, buyer = shop.product(stockQuantity=10), shop.user()
    cancelled, shipped = buyer.buy(product, 3), buyer.buy(product, 4)
    wait_for_stock(shop, product, 10, 3)
    wait_until_shown(shop, product, 3)

    buyer.patch(f"/orders/{cancelled['id']}/cancel").expect(200)
    wait_for_stock(shop, product, 10, 6)
    for step in ("paid", "shipped"):
        admin.patch(f"/orders/{shipped['id']}/status", {"status": step}).expect(200)
    wait_for_stock(shop, product, 6, 6)
    wait_until_shown(shop, product, 6)


def test_an_admins_cancellation_of_a_paid_order_gives_back(shop: Shop, admin: Person) -> None:
    product, buyer = shop.product(stockQuantity=2), shop.user()
    order = buyer.buy(product, 2)
    for step in ("paid", "cancelled"):
        admin.patch(f"/orders/{order['id']}/status", {"status": step}).expect(200)
    wait_for_stock(shop, product, 2, 2)


def test_stock_is_changed_at_inventory_once_it_has_told(shop: Shop, admin: Person) -> None:
    product = shop.product(stockQuantity=4)
    buyer = shop.user()
    buyer.buy(product, 1)
    wait_until_shown(shop, product, 3)
    refused = admin.put(f"/products/{product['id']}", {"stockQuantity": 9})
    check_error(
        refused,
        409,
        "Stock is kept by the inventory service: change it by PUT "
        f"/inventory/{product['id']}/stock",
    )
    admin.put(f"/inventory/{product['id']}/stock", {"totalQuantity": 9}).expect(200)
    wait_until_shown(shop, product, 8)


# --- who ended it, and the story ------------------------------------------------------------------


def test_an_order_says_until_when_it_waits_and_why_it_ended(
    shop: Shop, admin: Person, mug: dict
) -> None:
    buyer = shop.user()
    order = buyer.buy(mug)
    check_order(order)
    assert order["expiresAt"] > order["createdAt"] and order["cancelReason"] is None
    ended = buyer.patch(f"/orders/{order['id']}/cancel").expect(200)
    assert (ended["expiresAt"], ended["cancelReason"]) == (None, "customer")

    other = buyer.buy(mug)
    paid = admin.patch(f"/orders/{other['id']}/status", {"status": "paid"}).expect(200)
    assert (paid["expiresAt"], paid["cancelReason"]) == (None, None)
    ended = admin.patch(f"/orders/{other['id']}/status", {"status": "cancelled"}).expect(200)
    assert ended["cancelReason"] == "admin"


def test_the_timeline_tells_the_whole_story(shop: Shop, admin: Person, mug: dict) -> None:
    buyer = shop.user()
    order = buyer.buy(mug)
    assert steps_of(buyer, order)[0] == "placed"
    wait_until(lambda: "stock_reserved" in steps_of(buyer, order), "inventory has reserved")
    for step in ("paid", "shipped", "delivered"):
        admin.patch(f"/orders/{order['id']}/status", {"status": step}).expect(200)
    wait_until(lambda: "stock_confirmed" in steps_of(admin, order), "inventory has taken it out")
    assert sorted(steps_of(buyer, order)) == sorted(
        ["placed", "stock_reserved", "paid", "shipped", "stock_confirmed", "delivered"]
    )

    gone = buyer.buy(mug)
    buyer.patch(f"/orders/{gone['id']}/cancel").expect(200)
    wait_until(lambda: "stock_released" in steps_of(buyer, gone), "inventory has given back")
    told = buyer.get(f"/orders/{gone['id']}/timeline").expect(200)["timeline"]
    assert {entry["step"]: entry["reason"] for entry in told}["cancelled"] == "customer"
    assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)


def test_nobody_else_reads_the_timeline(shop: Shop, mallory: Person, mug: dict) -> None:
    order = shop.user().buy(mug)
    check_error(mallory.get(f"/orders/{order['id']}/timeline"), 403, "Forbidden")
    check_error(mallory.get("/orders/999999999/timeline"), 404, "Order not found")
    check_error(mallory.get("/orders/x/timeline"), 400, "Invalid orderId")
    check_error(shop.anonymous.get(f"/orders/{order['id']}/timeline"), 401, "Unauthorized")


# --- expiry ---------------------------------------------------------------------------------------


def wait_until_expired(buyer: Person, order: dict[str, Any]) -> dict[str, Any]:
    target = f"/orders/{order['id']}"
    wait_until(lambda: buyer.get(target).expect(200)["status"] != "pending", "the order ends")
    ended = buyer.get(target).expect(200)
    assert (ended["status"], ended["cancelReason"]) == ("cancelled", "expired")
    return ended


def test_what_nobody_pays_in_time_is_cancelled_and_given_back(new_server: NewServer) -> None:
    shop = Shop(new_server(env={"ORDER_PAYMENT_TTL_SECONDS": "3"}).start())
    product, buyer = shop.product(stockQuantity=10), shop.user()
    order, paid = buyer.buy(product, 2), buy_and_pay(shop.as_admin(), buyer, product)

    ended = wait_until_expired(buyer, order)

    assert ended["cancelledAt"] >= order["expiresAt"]
    wait_for_stock(shop, product, 10, 9)
    assert buyer.get(f"/orders/{paid['id']}").expect(200)["status"] == "paid"
    late = shop.as_admin().patch(f"/orders/{order['id']}/status", {"status": "paid"})
    check_error(late, 400, "Cannot change status from cancelled to paid")


def test_a_restart_forgets_no_order_that_falls_due(new_server: NewServer) -> None:
    server = new_server(env={"ORDER_PAYMENT_TTL_SECONDS": "2"}).start()
    shop = Shop(server)
    product, buyer = shop.product(stockQuantity=2), shop.user()
    order = buyer.buy(product)
    server.kill()
    server.restart()
    wait_until_expired(buyer, order)
    wait_for_stock(shop, product, 2, 2)


@pytest.mark.parametrize("seconds", ["-1", "soon", "31536001"])
def test_a_payment_time_that_is_none_stops_the_start(new_server: NewServer, seconds: str) -> None:
    server = new_server(env={"ORDER_PAYMENT_TTL_SECONDS": seconds})
    refused = server.run("config", check=False)
    assert refused.returncode != 0 and "ORDER_PAYMENT_TTL_SECONDS" in refused.stderr


def test_orders_wait_for_ever_when_told_so(new_server: NewServer) -> None:
    shop = Shop(new_server(env={"ORDER_PAYMENT_TTL_SECONDS": "0"}).start())
    order = shop.user().buy(shop.product())
    assert is_id(order["id"]) and order["expiresAt"] is None
