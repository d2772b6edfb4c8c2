"""A request that waits for a second service through a first takes no longer than the one who waits
for it: what is left of its time goes along and shrinks at each hop.
"""

import itertools
import re
import time
from collections.abc import Iterator

import pytest

from conftest import NewServer
from lib.faults import SLACK_SECONDS, figure
from lib.neighbour import SESSION, Neighbour
from lib.proxy import Proxy
from lib.server import INTERNAL_TOKEN_SECRET, Server
from lib.shapes import check_error
from lib.shop import Actor
from lib.timing import Late, again_when_late, check_in_time, felt
from lib.waiting import wait_until

#: What order gives cart, and what cart alone would give whom it asks, in milliseconds.
ORDERS_PATIENCE_MS, CARTS_PATIENCE_MS = 1200, 9000
TOKEN = "any.token.will-do"
_numbers = itertools.count(1)


@pytest.fixture
def neighbours() -> Iterator[tuple[Neighbour, Neighbour]]:
    """A user service that answers, and one that does not."""
    made = Neighbour(SESSION), Neighbour(None)
    yield made
    for each in made:
        each.close()


@pytest.fixture
def cart(new_server: NewServer, neighbours: tuple[Neighbour, Neighbour]) -> Server:
    env: dict[str, str | None] = {
        "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET,
        "AUTH_MODE": "remote",
        "AUTH_TIMEOUT_MS": str(CARTS_PATIENCE_MS),
        "USER_SERVICE_URL": neighbours[1].url,
    }
    return new_server("cart", services=["cart"], env=env).start("/health")


def deadline_in(seen: bytes) -> int:
    found = re.search(rb"x-request-deadline-ms: (\d+)", seen.lower())
    assert found, seen
    return int(found[1])


@again_when_late
def test_what_is_left_of_the_time_shrinks_at_each_hop(
    new_server: NewServer, cart: Server, neighbours: tuple[Neighbour, Neighbour]
) -> None:
    way = Proxy(cart.ports["cart"])
    env: dict[str, str | None] = {
        "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET,
        "AUTH_MODE": "remote",
        "USER_SERVICE_URL": neighbours[0].url,
        "CART_SERVICE_URL": way.url,
        "CART_TIMEOUT_MS": str(ORDERS_PATIENCE_MS),
    }
    order = new_server(f"order-{next(_numbers)}", services=["order"], env=env).start("/health")
    began = time.monotonic()
    reply = Actor(order, TOKEN).post("/orders/me", {"productId": 1})
    took = time.monotonic() - began
    check_error(reply, 502, "Internal server error")
    check_in_time(took, ORDERS_PATIENCE_MS / 1000 + SLACK_SECONDS, "order's answer")
    # Cart alone would have waited for seconds more.
    in_flight = 'http_requests_in_flight{service="cart-service"}'
    felt(lambda: figure(cart, "cart", in_flight) <= 1, "cart gave up too", SLACK_SECONDS)
    if not neighbours[1].seen:
        raise Late("order's patience was over before cart had asked anybody")
    wait_until(lambda: "client_failed" in cart.log, "that in cart's log")
    told_cart, told_user = deadline_in(way.asked_last), deadline_in(neighbours[1].seen[0])
    assert 0 < told_user <= told_cart <= ORDERS_PATIENCE_MS


def test_a_stranger_sets_no_deadline(cart: Server, neighbours: tuple[Neighbour, Neighbour]) -> None:
    hurry = {"X-Request-Deadline-Ms": "1", "X-Internal-Token": "no.token.at-all"}
    cart.transport.forget_connections()
    cart.transport.timeout = 2.0
    with pytest.raises(TimeoutError):
        Actor(cart, TOKEN).get("/carts/me", headers=hurry)
    wait_until(lambda: neighbours[1].seen, "cart asks")
    assert deadline_in(neighbours[1].seen[0]) > 1000
