"""What buyers try with orders since these hold stock: to buy the last one twice, to pay and cancel
at once, to use a key for something else, to walk away in the middle, and to say the price.
"""

import socket
from collections import Counter
from typing import Any

import pytest

from lib.http import Reply, encode
from lib.parallel import at_once
from lib.server import Server
from lib.shapes import check_error
from lib.shop import Person, Shop, buy_and_pay, unique
from lib.waiting import wait_until


@pytest.fixture(scope="module")
def hasty(new_module_server) -> Server:
    """A shop that waits one second for the money."""
    return new_module_server(env={"ORDER_PAYMENT_TTL_SECONDS": "1"}).start()


def make(shop: Shop, **fields: Any) -> int:
    return shop.stocked(shop.product(**fields))["id"]


def available(shop: Shop, product: int) -> int:
    return shop.anonymous.get(f"/inventory/{product}").expect(200)["availableQuantity"]


def place(by: Person, product: int, quantity: Any = ..., key: str | None = None) -> Reply:
    body = {"productId": product} | ({} if quantity is ... else {"quantity": quantity})
    return by.post("/orders/me", body, headers={"Idempotency-Key": key} if key else {})


def test_a_shortage_says_what_is_short_and_leaves_cart_and_stock_alone(
    shop: Shop, alice: Person, mallory: Person
) -> None:
    few, plenty = make(shop, stockQuantity=3), make(shop, stockQuantity=9)
    alice.add(few, 3)
    alice.add(plenty, 1)
    mallory.buy(few, 2)
    for answer in (place(alice, few), alice.post("/orders/me/checkout")):
        body = check_error(answer, 409, "Insufficient stock. Available quantity: 1")
        assert body["shortages"] == [{"productId": few, "requested": 3, "available": 1}]
    lines = {item["productId"]: item["quantity"] for item in alice.cart()["items"]}
    assert (lines[few], lines[plenty]) == (3, 1)
    assert (available(shop, few), available(shop, plenty)) == (1, 9)
    alice.delete("/carts/me/items").expect(200)


def test_the_last_units_go_to_as_many_as_there_are(
    shop: Shop, alice: Person, mallory: Person
) -> None:
    """Two buyers with three in the cart each, one at a time and all at once: four are there."""
    last = make(shop, stockQuantity=4)
    alice.add(last, 3)
    mallory.add(last, 3)
    answers = at_once(6, lambda n: place((alice, mallory)[n % 2], last, 1))
    assert Counter(answer.status for answer in answers) == {201: 4, 409: 2}
    assert available(shop, last) == 0
    for person in (alice, mallory):
        person.delete("/carts/me/items").expect(200)


def test_a_cart_that_is_checked_out_many_times_at_once_is_bought_once(
    shop: Shop, alice: Person
) -> None:
    product = make(shop, stockQuantity=50)
    alice.add(product, 5)
    answers = at_once(8, lambda _: alice.post("/orders/me/checkout"))
    assert Counter(answer.status for answer in answers) == {201: 1, 400: 7}
    # The seven put nothing aside, or gave it back.
    wait_until(lambda: available(shop, product) == 45, "five are held and no more")


def test_a_key_is_good_for_one_request_of_one_person_on_one_route(
    shop: Shop, alice: Person, mallory: Person
) -> None:
    product, other, key = make(shop), make(shop), unique("key").replace(" ", "-")
    for person in (alice, mallory):
        person.add(product, 4)
    alice.add(other, 1)
    first = place(alice, product, 2, key).expect(201)
    check_error(place(alice, product, 3, key), 422)
    check_error(place(alice, other, 2, key), 422)
    check_error(place(alice, product, ..., key), 422)
    assert place(mallory, product, 2, key).expect(201)["userId"] == mallory.id
    rest = alice.post("/orders/me/checkout", headers={"Idempotency-Key": key}).expect(201)
    assert rest["id"] != first["id"] and rest["itemsCount"] == 2
    assert place(alice, product, 2, key).expect(201) == first
    mallory.delete("/carts/me/items").expect(200)


def test_a_key_whose_order_was_refused_is_not_used_up(
    shop: Shop, alice: Person, mallory: Person
) -> None:
    """Not for the stock either: what was put aside for the refused one may be had again."""
    product, key = make(shop, stockQuantity=2), unique("key").replace(" ", "-")
    alice.add(product, 2)
    mine = mallory.buy(product, 1)
    check_error(place(alice, product, 2, key), 409)
    mallory.patch(f"/orders/{mine['id']}/cancel").expect(200)
    wait_until(lambda: available(shop, product) == 2, "the cancelled one is back")
    order = place(alice, product, 2, key).expect(201)
    assert place(alice, product, 2, key).expect(201) == order
    assert available(shop, product) == 0


def test_who_hangs_up_in_the_middle_and_asks_again_has_one_order(
    shop: Shop, server: Server, alice: Person
) -> None:
    product = make(shop)
    alice.add(product, 20)
    body = encode({"productId": product, "quantity": 1})
    run = unique("hang").replace(" ", "-")
    for number in range(10):
        head = (
            "POST /orders/me HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {alice.token}\r\nIdempotency-Key: {run}-{number}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.ports["order"]), 5) as line:
            line.sendall(head.encode() + body)
        place(alice, product, 1, f"{run}-{number}").expect(201)
    wait_until(lambda: available(shop, product) == 90, "ten are held, not twenty")
    wait_until(lambda: alice.cart()["items"][0]["quantity"] == 10, "ten are left in the cart")
    alice.delete("/carts/me/items").expect(200)


@pytest.mark.parametrize("attempt", range(3))
def test_paying_and_cancelling_at_once_has_one_outcome_and_the_stock_follows_it(
    shop: Shop, alice: Person, admin: Person, attempt: int
) -> None:
    product = make(shop, stockQuantity=5)
    target = f"/orders/{alice.buy(product, 2)['id']}"

    def act(number: int) -> Reply:
        if number % 2:
            return alice.patch(f"{target}/cancel")
        return admin.patch(f"{target}/status", {"status": "paid"})

    answers = at_once(6, act)
    status = alice.get(target).expect(200)["status"]
    assert status in ("paid", "cancelled")
    for answer in answers:
        if answer.status == 200:
            assert answer.json["status"] == status
        else:
            check_error(answer, 400)
    left = 5 if status == "cancelled" else 3
    wait_until(lambda: available(shop, product) == left, f"{left} left of an order {status}")
    steps = [row["step"] for row in alice.get(f"{target}/timeline").expect(200)["timeline"]]
    assert ("paid" in steps) != ("cancelled" in steps)


def test_shipping_and_cancelling_a_paid_order_at_once_has_one_outcome(
    shop: Shop, alice: Person, admin: Person
) -> None:
    product = make(shop, stockQuantity=5)
    target = f"/orders/{alice.buy(product, 2)['id']}"
    admin.patch(f"{target}/status", {"status": "paid"}).expect(200)
    wanted = ("shipped", "cancelled")
    answers = at_once(6, lambda n: admin.patch(f"{target}/status", {"status": wanted[n % 2]}))
    status = alice.get(target).expect(200)["status"]
    assert status in wanted
    assert {answer.json["status"] for answer in answers if answer.status == 200} == {status}
    total = 3 if status == "shipped" else 5

    def books() -> tuple[int, int]:
        item = shop.anonymous.get(f"/inventory/{product}").expect(200)
        return item["totalQuantity"], item["reservedQuantity"]

    wait_until(lambda: books() == (total, 0), f"the stock of an order that is {status}")


def test_the_body_of_an_order_says_neither_price_nor_owner_nor_state(
    shop: Shop, alice: Person, mallory: Person
) -> None:
    product = make(shop, price="19.99")
    alice.add(product, 2)
    more = {"userId": mallory.id, "status": "paid", "unitPrice": 0.01, "totalAmount": 0.01}
    more |= {"id": 1, "currency": "JPY", "expiresAt": None, "placementId": "mine", "items": []}
    order = alice.post("/orders/me", {"productId": product, "quantity": 1, **more}).expect(201)
    assert (order["userId"], order["status"]) == (alice.id, "pending")
    assert (order["totalAmount"], order["currency"], order["itemsCount"]) == (19.99, "USD", 1)
    check_error(alice.post("/orders/me/checkout", more), 400)
    alice.delete("/carts/me/items").expect(200)


@pytest.mark.parametrize("route", ["/orders/me", "/orders/me/checkout"])
def test_an_order_at_another_total_than_expected_is_not_placed(
    shop: Shop, alice: Person, route: str
) -> None:
    """The buyer who says what he expects to pay is not surprised by a price that just rose."""
    product = make(shop, price="19.99", stockQuantity=5)
    alice.add(product, 1)
    try:
        body = {"expectedTotal": 9.99} | ({"productId": product} if route == "/orders/me" else {})
        check_error(alice.post(route, body), 409)
        assert available(shop, product) == 5
        alice.post(route, {**body, "expectedTotal": 19.99}).expect(201)
    finally:
        alice.delete("/carts/me/items")


def test_nobody_reads_or_moves_anothers_order(
    shop: Shop, alice: Person, mallory: Person, supplier: Person
) -> None:
    product = make(shop, by=supplier)
    order = alice.buy(product)
    target = f"/orders/{order['id']}"
    for stranger in (mallory, supplier):
        for answer in (
            stranger.get(target),
            stranger.get(f"{target}/timeline"),
            stranger.get(f"/orders/user/{alice.id}"),
            stranger.get("/orders"),
            stranger.patch(f"{target}/cancel"),
            stranger.patch(f"{target}/status", {"status": "paid"}),
        ):
            check_error(answer, 403)
        check_error(stranger.get(f"/orders/{2**53}/timeline"), 404, "Order not found")
    for path in (target, f"{target}/timeline", f"/orders/user/{alice.id}"):
        check_error(shop.anonymous.get(path), 401, "Unauthorized")
    assert alice.get(target).expect(200) == order


def test_an_order_nobody_pays_gives_its_stock_back_and_cannot_be_paid_later(
    hasty: Server,
) -> None:
    shop = Shop(hasty)
    admin, buyer = shop.as_admin(), shop.user("Late")
    product = make(shop, stockQuantity=50)
    buyer.add(product, 2)
    order = place(buyer, product, 2, "once").expect(201)
    target = f"/orders/{order['id']}"
    kept = buy_and_pay(admin, buyer, product)["id"]

    wait_until(lambda: available(shop, product) == 49, "the unpaid units are back")
    expired = buyer.get(target).expect(200)
    assert (expired["status"], expired["cancelReason"]) == ("cancelled", "expired")
    check_error(
        admin.patch(f"{target}/status", {"status": "paid"}),
        400,
        "Cannot change status from cancelled to paid",
    )
    # The key still answers with the order as it was: it is no way to a second one.
    assert place(buyer, product, 2, "once").expect(201) == order
    assert buyer.get(f"/orders/{kept}").expect(200)["status"] == "paid"
    assert available(shop, product) == 49
