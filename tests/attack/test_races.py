"""Carts and orders pulled at from many sides: no unit is paid for twice, or lost."""

from functools import partial

import pytest

from lib.parallel import at_once
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until


@pytest.fixture
def buyer(shop: Shop) -> Person:
    return shop.user("Buyer")


def bought(person: Person) -> dict[int, int]:
    """How many of each product the person has ordered."""
    units: dict[int, int] = {}
    for order in person.get("/orders/me?pageSize=100").expect(200)["orders"]:
        for item in order["items"]:
            units[item["productId"]] = units.get(item["productId"], 0) + item["quantity"]
    return units


def test_adding_while_ordering_loses_no_unit(shop: Shop, buyer: Person) -> None:
    product = shop.product(stockQuantity=100_000)["id"]
    buyer.add(product)

    def act(number: int) -> tuple[str, int]:
        if number % 2:
            body = {"productId": product, "quantity": 1}
            return "add", buyer.post("/carts/me/items", body).status
        return "order", buyer.post("/orders/me", {"productId": product, "quantity": 1}).status

    done = [answer for _ in range(3) for answer in at_once(10, act)]
    assert all(status in (201, 400, 409) for _, status in done), done
    added = 1 + sum(answer == ("add", 201) for answer in done)

    def left() -> int:
        return sum(item["quantity"] for item in buyer.cart()["items"])

    ordered = bought(buyer)[product]
    wait_until(lambda: left() + ordered == added, f"{added} units bought or in the cart")


def test_a_checkout_among_orders_sells_each_line_once(shop: Shop, buyer: Person) -> None:
    products = [shop.product()["id"] for _ in range(3)]
    for product in products:
        buyer.add(product, 2)

    def act(number: int) -> int:
        if number % 2:
            return buyer.post("/orders/me/checkout").status
        return buyer.post("/orders/me", {"productId": products[number % 3]}).status

    assert all(status in (201, 400, 409) for status in at_once(12, act))
    assert set(bought(buyer).values()) == {2}


def test_parts_never_pass_the_whole(shop: Shop, buyer: Person) -> None:
    product = shop.product()["id"]
    buyer.add(product, 7)
    at_once(12, lambda _: buyer.post("/orders/me", {"productId": product, "quantity": 2}).status)
    assert bought(buyer)[product] == 6


def test_of_ship_and_cancel_at_once_one_wins(shop: Shop, buyer: Person, admin: Actor) -> None:
    def set_status(target: str, number: int) -> int:
        return admin.patch(target, {"status": ("shipped", "cancelled")[number % 2]}).status

    for _ in range(3):
        target = f"/orders/{buyer.buy(shop.product())['id']}/status"
        admin.patch(target, {"status": "paid"}).expect(200)
        statuses = at_once(8, partial(set_status, target))
        assert {statuses[0], statuses[1]} == {200, 400}, statuses
        assert len(set(statuses[::2])) == len(set(statuses[1::2])) == 1, statuses
