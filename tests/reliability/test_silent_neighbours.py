"""A neighbour that is down, silent, slow or strange: bounded waits and the contract's words."""

import time
from collections.abc import Callable, Iterator

import pytest

from conftest import NewServer
from lib.http import Reply
from lib.neighbour import SESSION, Neighbour, json_answer
from lib.server import INTERNAL_TOKEN_SECRET, Server
from lib.shapes import check_error
from lib.shop import Actor
from lib.timing import check_in_time, timed, tried_again
from lib.tokens import sign


@pytest.fixture
def neighbours() -> Iterator[list[Neighbour]]:
    made: list[Neighbour] = []
    yield made
    for neighbour in made:
        neighbour.close()


def make(neighbours: list[Neighbour], data: bytes | None, drip_seconds: float = 0.0) -> Neighbour:
    neighbours.append(Neighbour(data, drip_seconds=drip_seconds))
    return neighbours[-1]


def alone(new_server: NewServer, service: str, **env: str) -> Server:
    """One service in a process of its own, which asks its neighbours over HTTP."""
    shared = {"AUTH_MODE": "remote", "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET}
    return new_server(services=[service], env={**shared, **env}).start("/health")


def answered_in_time(ask: Callable[[], Reply]) -> Reply:
    """Whoever gives a neighbour half a second is done long before the usual three."""

    def once() -> Reply:
        reply, seconds = timed(ask)
        check_in_time(seconds, 2.5, "the answer")
        return reply

    return tried_again(once)


TOKEN = sign(
    {
        "id": 7,
        "role": "user",
        "pwdv": "1.x",
        "iat": int(time.time()),
        "exp": int(time.time()) + 900,
        "iss": "microcommerce",
        "aud": "microcommerce",
        "jti": "1",
    }
)


def test_a_foreign_user_service_is_asked_and_its_words_are_passed_on(
    new_server: NewServer, neighbours: list[Neighbour]
) -> None:
    user = make(neighbours, json_answer(401, {"message": "Token expired after password change"}))
    cart = alone(new_server, "cart", USER_SERVICE_URL=user.url)
    check_error(Actor(cart, TOKEN).get("/carts/me"), 401, "Token expired after password change")
    assert b"GET /auth/session" in user.seen[0] and f"Bearer {TOKEN}".encode() in user.seen[0]


@pytest.mark.parametrize("how", ["down", "silent", "nonsense"])
def test_without_a_user_service_it_is_the_contracts_502_in_time(
    new_server: NewServer, neighbours: list[Neighbour], how: str
) -> None:
    user = make(neighbours, {"silent": None, "nonsense": b"SSH-2.0-OpenSSH\r\n\r\n"}.get(how))
    if how == "down":
        user.close()
    order = alone(new_server, "order", USER_SERVICE_URL=user.url, AUTH_TIMEOUT_MS="500")

    def ask() -> Reply:
        return Actor(order, TOKEN).get("/orders/me")

    check_error(answered_in_time(ask), 502, "Auth service unavailable")


@pytest.mark.parametrize(
    "product",
    [
        None,
        b"nonsense\r\n\r\n",
        json_answer(500, {"message": "secret inside"}),
        json_answer(200, {"id": "x"}),
        json_answer(302, {}),
    ],
    ids=["silent", "nonsense", "a 500", "a strange body", "a redirect"],
)
def test_a_product_service_that_fails_is_a_502_without_details(
    new_server: NewServer, neighbours: list[Neighbour], product: bytes | None
) -> None:
    user, shelf = make(neighbours, SESSION), make(neighbours, product)
    cart = alone(
        new_server,
        "cart",
        USER_SERVICE_URL=user.url,
        PRODUCT_SERVICE_URL=shelf.url,
        PRODUCT_SERVICE_TIMEOUT_MS="500",
    )
    reply = answered_in_time(lambda: Actor(cart, TOKEN).post("/carts/me/items", {"productId": 1}))
    check_error(reply, 502, "Internal server error")
    assert "secret" not in reply.text


def test_a_huge_answer_of_a_neighbour_is_not_read_to_the_end(
    new_server: NewServer, neighbours: list[Neighbour]
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900000000\r\n\r\n"
    user, shelf = make(neighbours, SESSION), make(neighbours, head + b" " * 40_000_000)
    cart = alone(
        new_server,
        "cart",
        USER_SERVICE_URL=user.url,
        PRODUCT_SERVICE_URL=shelf.url,
        PRODUCT_SERVICE_TIMEOUT_MS="1500",
    )
    before = cart.resident_bytes()
    check_error(
        Actor(cart, TOKEN).post("/carts/me/items", {"productId": 1}), 502, "Internal server error"
    )
    assert cart.resident_bytes() - before < 20_000_000


def test_an_orders_cart_call_carries_token_and_request_id(
    new_server: NewServer, neighbours: list[Neighbour]
) -> None:
    user = make(neighbours, SESSION)
    basket = make(neighbours, json_answer(404, {"message": "Cart not found"}))
    order = alone(new_server, "order", USER_SERVICE_URL=user.url, CART_SERVICE_URL=basket.url)
    reply = Actor(order, TOKEN).post(
        "/orders/me", {"productId": 1}, headers={"X-Request-Id": "hop-1"}
    )
    check_error(reply, 404, "Cart not found")
    asked = basket.seen[0].decode().lower()
    assert "get /carts/me" in asked and TOKEN.lower() in asked and "x-request-id: hop-1" in asked


def test_a_silent_cart_service_is_a_502_in_time(
    new_server: NewServer, neighbours: list[Neighbour]
) -> None:
    user, basket = make(neighbours, SESSION), make(neighbours, None)
    order = alone(
        new_server,
        "order",
        USER_SERVICE_URL=user.url,
        CART_SERVICE_URL=basket.url,
        CART_TIMEOUT_MS="500",
    )
    reply = answered_in_time(lambda: Actor(order, TOKEN).post("/orders/me", {"productId": 1}))
    check_error(reply, 502, "Internal server error")
    assert Actor(order).get("/health", service="order").status == 200


def test_r26_an_answer_that_came_drop_by_drop_held_the_caller_for_ever(
    new_server: NewServer, neighbours: list[Neighbour]
) -> None:
    user = make(neighbours, SESSION)
    shelf = make(neighbours, json_answer(200, {"id": 1}), drip_seconds=0.2)
    urls = {"USER_SERVICE_URL": user.url, "PRODUCT_SERVICE_URL": shelf.url}
    cart = alone(new_server, "cart", PRODUCT_SERVICE_TIMEOUT_MS="600", **urls)
    reply = answered_in_time(lambda: Actor(cart, TOKEN).post("/carts/me/items", {"productId": 1}))
    check_error(reply, 502, "Internal server error")
