"""design.md §3: one Idempotency-Key, one effect, the same bytes again."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lib.http import Reply
from lib.parallel import at_once
from lib.shapes import check_error
from lib.shop import Person, Shop, unique
from lib.waiting import wait_until


@dataclass(frozen=True)
class Keyed:
    """A route that takes a key: a request, another body for it, one that is refused, and how often
    it took effect.
    """

    path: str
    body: Callable[[dict], dict]
    other: Callable[[dict], dict]
    refused: Callable[[dict], dict]
    effects: Callable[[Person], int]

    def __str__(self) -> str:
        return self.path


def orders_of(person: Person) -> int:
    return person.get("/orders/me").expect(200)["count"]


def units_in_cart(person: Person) -> int:
    return sum(item["quantity"] for item in person.cart()["items"]) - 4


ROUTES = (
    Keyed(
        "/carts/me/items",
        lambda p: {"productId": p["id"], "quantity": 1},
        lambda p: {"productId": p["id"], "quantity": 2},
        lambda p: {"productId": p["id"], "quantity": 0},
        units_in_cart,
    ),
    Keyed(
        "/orders/me",
        lambda p: {"productId": p["id"], "quantity": 1},
        lambda p: {"productId": p["id"], "quantity": 2},
        lambda p: {"productId": p["id"], "quantity": 99},
        orders_of,
    ),
)
each_route = pytest.mark.parametrize("route", ROUTES, ids=str)


@pytest.fixture
def person(shop: Shop, mug: dict) -> Person:
    """Somebody with four mugs in the cart."""
    somebody = shop.user()
    somebody.add(mug, 4)
    return somebody


def keyed(person: Person, path: str, body: dict, key: str) -> Reply:
    return person.post(path, body, headers={"Idempotency-Key": key})


@each_route
@pytest.mark.parametrize("form", ["{}", '"{}"'], ids=["bare", "quoted"])
def test_a_replay_has_the_same_bytes_and_no_second_effect(
    person: Person, mug: dict, route: Keyed, form: str
) -> None:
    key = form.format(unique("key").replace(" ", "-"))
    first = keyed(person, route.path, route.body(mug), key)
    assert first.status == 201 and "Idempotency-Replayed" not in first.headers
    for _ in range(3):
        again = keyed(person, route.path, route.body(mug), key)
        assert again.status == 201 and again.body == first.body
        assert again.headers["Idempotency-Replayed"] == "true"
    assert route.effects(person) == 1


@each_route
def test_spelling_the_body_another_way_is_the_same_request(
    person: Person, mug: dict, route: Keyed
) -> None:
    first = keyed(person, route.path, route.body(mug), "spelling")
    spelled = b' { "quantity" : 1 , "unknown":true, "productId": "%d" } ' % mug["id"]
    again = person.post(route.path, body=spelled, headers={"Idempotency-Key": "spelling"})
    assert again.body == first.body and again.headers["Idempotency-Replayed"] == "true"


@each_route
def test_another_body_under_the_same_key_is_a_422(person: Person, mug: dict, route: Keyed) -> None:
    first = keyed(person, route.path, route.body(mug), "reused")
    check_error(keyed(person, route.path, route.other(mug), "reused"), 422)
    assert route.effects(person) == 1
    assert keyed(person, route.path, route.body(mug), "reused").body == first.body


@each_route
def test_of_racing_requests_with_one_key_all_get_the_one_answer(
    person: Person, mug: dict, route: Keyed
) -> None:
    replies = at_once(8, lambda _: keyed(person, route.path, route.body(mug), "race"))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1
    assert sum("Idempotency-Replayed" not in reply.headers for reply in replies) == 1
    assert route.effects(person) == 1


@each_route
def test_a_refusal_is_not_remembered(person: Person, mug: dict, route: Keyed) -> None:
    check_error(keyed(person, route.path, route.refused(mug), "second-try"), 400)
    again = keyed(person, route.path, route.body(mug), "second-try")
    assert again.status == 201 and "Idempotency-Replayed" not in again.headers


@each_route
def test_a_key_belongs_to_one_user(shop: Shop, person: Person, mug: dict, route: Keyed) -> None:
    other = shop.user()
    other.add(mug, 4)
    one, two = (keyed(who, route.path, route.body(mug), "shared") for who in (person, other))
    assert one.status == two.status == 201 and one.body != two.body
    assert "Idempotency-Replayed" not in two.headers
    assert route.effects(person) == route.effects(other) == 1


def test_a_key_belongs_to_one_route(person: Person, mug: dict) -> None:
    for route in ROUTES:
        reply = keyed(person, route.path, route.body(mug), "both-routes")
        assert reply.status == 201 and "Idempotency-Replayed" not in reply.headers


@each_route
@pytest.mark.parametrize(
    "key", ["", " ", "x" * 256, "tab\tbed", "ünicode".encode().decode("latin-1")]
)
def test_a_key_that_is_none_is_refused(person: Person, mug: dict, route: Keyed, key: str) -> None:
    check_error(keyed(person, route.path, route.body(mug), key), 400)
    assert route.effects(person) == 0


@each_route
def test_a_key_of_the_greatest_length_works(person: Person, mug: dict, route: Keyed) -> None:
    key = "k" * 255
    first = keyed(person, route.path, route.body(mug), key)
    assert (
        first.status == 201 and keyed(person, route.path, route.body(mug), key).body == first.body
    )


def test_a_checkout_is_replayed_after_the_cart_is_empty(person: Person) -> None:
    headers = {"Idempotency-Key": "checkout-1"}
    first = person.post("/orders/me/checkout", headers=headers)
    assert first.status == 201
    wait_until(lambda: person.cart()["items"] == [], "the cart is empty")
    again = person.post("/orders/me/checkout", headers=headers)
    assert (
        again.status == 201
        and again.body == first.body
        and again.headers["Idempotency-Replayed"] == "true"
    )
    assert orders_of(person) == 1


def test_a_replayed_order_is_the_answer_of_then_not_of_now(person: Person, mug: dict) -> None:
    first = keyed(person, "/orders/me", {"productId": mug["id"], "quantity": 1}, "then")
    person.patch(f"/orders/{first.json['id']}/cancel").expect(200)
    again = keyed(person, "/orders/me", {"productId": mug["id"], "quantity": 1}, "then")
    assert again.body == first.body and again.json["status"] == "pending"
