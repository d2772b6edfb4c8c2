"""Ours: the whole cart as one order, all lines or none."""

import pytest

from lib.parallel import at_once
from lib.shapes import check_error, check_order
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until


def test_the_whole_cart_becomes_one_order(shop: Shop) -> None:
    person = shop.user()
    wanted = [
        (shop.product(price="0.10"), 3),
        (shop.product(price="19.99"), 2),
        (shop.product(price=5), 1),
    ]
    for product, quantity in wanted:
        person.add(product, quantity)
    reply = person.post("/orders/me/checkout")
    order = reply.expect(201)
    check_order(order)
    assert order["itemsCount"] == 3 and order["status"] == "pending"
    assert [(item["productId"], item["quantity"]) for item in order["items"]] == [
        (p["id"], q) for p, q in wanted
    ]
    assert b'"totalAmount":45.28,' in reply.body
    assert [item["lineTotal"] for item in order["items"]] == [0.3, 39.98, 5]
    assert person.get("/orders/me").expect(200)["orders"] == [order]
    wait_until(lambda: person.cart()["items"] == [], "the cart is empty")


@pytest.mark.parametrize("body", [None, {}])
def test_checkout_needs_no_body(shop: Shop, mug: dict, body: dict | None) -> None:
    person = shop.user()
    person.add(mug)
    reply = (
        person.post("/orders/me/checkout")
        if body is None
        else person.post("/orders/me/checkout", body)
    )
    reply.expect(201)


def test_an_empty_cart_is_not_checked_out(shop: Shop) -> None:
    person = shop.user()
    check_error(person.post("/orders/me/checkout"), 400, "Cart is empty")
    assert person.get("/orders/me").expect(200)["count"] == 0


def test_a_cart_is_checked_out_once(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.add(mug, 2)
    replies = at_once(6, lambda _: person.post("/orders/me/checkout"))
    assert sorted(reply.status for reply in replies) == [201] + [400] * 5
    assert person.get("/orders/me").expect(200)["count"] == 1


def test_only_customers_check_out(supplier: Person, admin: Actor) -> None:
    for somebody in (supplier, admin):
        check_error(somebody.post("/orders/me/checkout"), 403, "Only users can create orders")


@pytest.mark.parametrize("body", [{"totalAmount": 1}, {"items": []}, {"userId": 1}], ids=str)
def test_unknown_members_are_refused_and_nothing_is_ordered(
    shop: Shop, mug: dict, body: dict
) -> None:
    person = shop.user()
    person.add(mug)
    check_error(person.post("/orders/me/checkout", body), 400)
    assert person.get("/orders/me").expect(200)["count"] == 0 and len(person.cart()["items"]) == 1


def test_what_single_orders_took_is_not_checked_out_again(shop: Shop) -> None:
    person = shop.user()
    one, other = shop.product(price=1), shop.product(price=2)
    person.add(one, 3)
    person.add(other, 1)
    person.order(one, 2)
    order = person.post("/orders/me/checkout").expect(201)
    assert [(item["productId"], item["quantity"]) for item in order["items"]] == [
        (one["id"], 1),
        (other["id"], 1),
    ]
    assert order["totalAmount"] == 3
    wait_until(lambda: person.cart()["items"] == [], "the cart is empty")
