"""One line of a cart pays for one order, however often and however it is asked for at once."""

from typing import Any

import pytest

from lib.http import Reply
from lib.parallel import at_once
from lib.shapes import check_error
from lib.shop import Person, Shop
from lib.waiting import wait_until

AT_ONCE = 20


def order_count(buyer: Person) -> int:
    return buyer.get("/orders/me").expect(200)["count"]


def check_one_order(
    shop: Shop, buyer: Person, product: dict[str, Any], replies: list[Reply]
) -> None:
    """One order of one unit, and nothing held beside it."""
    (order,) = {reply.json["id"] for reply in replies if reply.status == 201}
    assert order_count(buyer) == 1
    assert buyer.get(f"/orders/{order}").expect(200)["items"][0]["quantity"] == 1
    target = f"/inventory/{product['id']}"
    wait_until(
        lambda: shop.anonymous.get(target).expect(200)["reservedQuantity"] == 1,
        "one unit is reserved, no other is held",
    )
    wait_until(lambda: buyer.cart()["items"] == [], "the line has left the cart")
    shop.server.run("inventory", "verify")


@pytest.fixture
def product(shop: Shop) -> dict[str, Any]:
    return shop.stocked(shop.product(stockQuantity=1_000))


@pytest.fixture
def buyer(shop: Shop, product: dict[str, Any]) -> Person:
    buyer = shop.user()
    buyer.add(product)
    return buyer


@pytest.mark.parametrize("route", ["/orders/me", "/orders/me/checkout"])
def test_twenty_requests_with_one_key_are_one_order_and_one_answer(
    shop: Shop, buyer: Person, product: dict[str, Any], route: str
) -> None:
    wanted = {"productId": product["id"]} if route == "/orders/me" else {}
    keyed = buyer.with_headers(Idempotency_Key="one-and-the-same")
    replies = at_once(AT_ONCE, lambda _: keyed.post(route, wanted))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1
    assert sum("Idempotency-Replayed" in reply.headers for reply in replies) == AT_ONCE - 1
    check_one_order(shop, buyer, product, replies)


def test_twenty_requests_without_a_key_are_one_order_and_nineteen_refusals(
    shop: Shop, buyer: Person, product: dict[str, Any]
) -> None:
    replies = at_once(AT_ONCE, lambda _: buyer.post("/orders/me", {"productId": product["id"]}))
    check_all_but_one_are_refused(replies)
    check_one_order(shop, buyer, product, replies)


def test_twenty_requests_with_a_key_each_are_one_order_and_nineteen_refusals(
    shop: Shop, buyer: Person, product: dict[str, Any]
) -> None:
    def ask(number: int) -> Reply:
        keyed = buyer.with_headers(Idempotency_Key=f"key-{number}")
        route = "/orders/me/checkout" if number % 2 else "/orders/me"
        return keyed.post(route, {} if number % 2 else {"productId": product["id"]})

    replies = at_once(AT_ONCE, ask)
    check_all_but_one_are_refused(replies)
    check_one_order(shop, buyer, product, replies)


def check_all_but_one_are_refused(replies: list[Reply]) -> None:
    """Because the line is used up, never because stock is short or something is away."""
    assert sorted(reply.status for reply in replies) == [201] + [400] * (AT_ONCE - 1)
    for reply in replies:
        if reply.status == 400:
            check_error(reply, 400)
