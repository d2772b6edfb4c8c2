"""A neighbour may be a foreign service: what it says is believed as far as it makes sense."""

from collections.abc import Iterator

import pytest

from conftest import NewServer
from lib.neighbour import SESSION, Neighbour, json_answer
from lib.server import INTERNAL_TOKEN_SECRET, Server
from lib.shapes import check_error
from lib.shop import Actor
from lib.tokens import sign

#: Believed because AUTH_MODE=remote asks the neighbour, who says SESSION: user 7.
TOKEN = sign({"id": 7, "role": "user"})
USER = 7
OFFER = {
    "id": 1,
    "name": "Mug",
    "price": 5,
    "currency": "USD",
    "stockQuantity": 9,
    "imageUrl": "https://img.example.com/a.png",
}
LINE = {
    "id": 11,
    "productId": 1,
    "productName": "Mug",
    "productImageUrl": "https://img.example.com/a.png",
    "quantity": 1,
    "unitPrice": "5.00",
}


@pytest.fixture
def neighbours() -> Iterator[list[Neighbour]]:
    made: list[Neighbour] = []
    yield made
    for neighbour in made:
        neighbour.close()


def beside(new_server: NewServer, neighbours: list[Neighbour], **answers: bytes) -> Server:
    """The service that asks them, alone: cart beside a product service, order beside a cart."""
    env = {"AUTH_MODE": "remote", "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET}
    for name, answer in answers.items():
        neighbours.append(Neighbour(answer))
        env[f"{name.upper()}_SERVICE_URL"] = neighbours[-1].url
    service = "cart" if "product" in answers else "order"
    return new_server(services=[service], env=env).start("/health")


@pytest.mark.parametrize(
    "instead",
    [{"price": -5}, {"price": "-0.01"}, {"id": 2}, {"stockQuantity": -1}],
    ids=["negative price", "negative price as text", "another product", "negative stock"],
)
def test_an_offer_that_makes_no_sense_is_put_into_no_cart(
    new_server: NewServer, neighbours: list[Neighbour], instead: dict
) -> None:
    product = json_answer(200, {**OFFER, **instead})
    cart = beside(new_server, neighbours, user=SESSION, product=product)
    buyer = Actor(cart, TOKEN)
    check_error(buyer.post("/carts/me/items", {"productId": 1}), 502, "Internal server error")
    seen = buyer.get("/carts/me").expect(200)
    assert seen["items"] == [] and seen["totalAmount"] == 0


def cart_of(owner: int, *lines: dict) -> bytes:
    return json_answer(200, {"id": 3, "userId": owner, "currency": "USD", "items": list(lines)})


@pytest.mark.parametrize(
    "cart",
    [
        cart_of(USER + 1, LINE),
        cart_of(USER, LINE, LINE),
        cart_of(USER, LINE, {**LINE, "productId": 2}),
        cart_of(USER, {**LINE, "quantity": 0}),
        cart_of(USER, {**LINE, "quantity": -1}),
        cart_of(USER, {**LINE, "unitPrice": "-5.00"}),
    ],
    ids=[
        "somebody else's",
        "a line twice",
        "two lines of one number",
        "a line of nothing",
        "a line of less",
        "a negative price",
    ],
)
def test_a_cart_that_makes_no_sense_is_not_ordered_from(
    new_server: NewServer, neighbours: list[Neighbour], cart: bytes
) -> None:
    order = beside(new_server, neighbours, user=SESSION, cart=cart)
    buyer = Actor(order, TOKEN)
    for path, body in (("/orders/me", {"productId": 1}), ("/orders/me/checkout", {})):
        check_error(buyer.post(path, body), 502, "Internal server error")
    assert buyer.get("/orders/me").expect(200)["count"] == 0


def test_a_busy_user_service_is_passed_on_with_the_time_to_wait(
    new_server: NewServer, neighbours: list[Neighbour]
) -> None:
    """wire-contract §1.8 and §2.8."""
    message = "Too many requests, please try again later."
    busy = json_answer(429, {"message": message, "retryAfterSeconds": 17})
    busy = busy.replace(b"\r\n\r\n", b"\r\nRetry-After: 17\r\n\r\n", 1)
    cart = beside(new_server, neighbours, user=busy, product=json_answer(200, OFFER))
    reply = Actor(cart, TOKEN).get("/carts/me")
    body = check_error(reply, 429, message)
    assert list(body)[:2] == ["message", "retryAfterSeconds"]
    assert body["retryAfterSeconds"] == 17 and reply.headers["Retry-After"] == "17"
