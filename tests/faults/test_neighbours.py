"""Service to service: order → cart, cart → product, and whoever asks the user service for
a session. A process for each service, and a proxy on every way between two of them.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import NewServer
from lib.faults import (
    SLACK_SECONDS,
    Recoveries,
    Regulars,
    check_base,
    fresh_key,
    open_files,
)
from lib.http import Reply, Transport
from lib.lab import Lab, selected
from lib.line import (
    Fault,
    Way,
    bandwidth,
    cut,
    latency,
    lose_answer,
    refuse,
    reset,
    slices,
    stall,
    vanish,
)
from lib.proxy import Proxy
from lib.server import INTERNAL_TOKEN_SECRET, Server
from lib.shapes import check_error
from lib.shop import Actor, Person, Shop, unique
from lib.timing import check_in_time
from lib.waiting import wait_until

#: How long every service here waits for another, in milliseconds.
PATIENCE_MS = 1000
STATIONS = 4
HEAD_ENDS = b"\r\n\r\n"
WORKS, FAILS = "works", "fails"
#: What asks again within its time finds a new connection, or not.
EITHER = "either"
#: The edges, and what a client hears while one fails.
EDGES = {
    "order to cart": (502, "Internal server error"),
    "order to inventory": (503, "Service temporarily unavailable"),
    "cart to product": (502, "Internal server error"),
    "cart to user": (502, "Auth service unavailable"),
    "order to user": (502, "Auth service unavailable"),
    "product to user": (502, "Auth service unavailable"),
}
FAULTS: list[tuple[str, Fault, str]] = [
    ("refused", refuse(), FAILS),
    ("reset at the first byte", reset(), FAILS),
    ("reset within the request", reset(after=40), FAILS),
    ("reset within the answer's head", reset(after=30, way=Way.BACK), FAILS),
    ("reset within the answer's body", reset(after=4, way=Way.BACK, beyond=HEAD_ENDS), FAILS),
    ("accepted and silent", stall(), FAILS),
    ("the question is held", stall(Way.THERE), FAILS),
    ("the answer is held", stall(Way.BACK), FAILS),
    ("the answer is held within its body", stall(Way.BACK, after=9, beyond=HEAD_ENDS), FAILS),
    ("half open", vanish(), FAILS),
    ("a little late", latency(0.06, jitter=0.04), WORKS),
    ("too late", latency(PATIENCE_MS / 1000 + 0.3), FAILS),
    ("byte by byte", slices(), WORKS),
    ("byte by byte, slowly", slices(0.08, Way.BACK), FAILS),
    ("cut within the answer's head", cut(30), FAILS),
    ("cut within the answer's body", cut(4, beyond=HEAD_ENDS), FAILS),
    ("the answer is lost", lose_answer(), FAILS),
    ("20 KB a second", bandwidth(20_000), WORKS),
]


#: A hold is asked for again as long as there is time: on a connection that is well, it may work.
EITHER_AT = {"order to inventory": ("half open",)}


@dataclass(frozen=True)
class Case:
    edge: str
    name: str
    fault: Fault
    expected: str

    def __str__(self) -> str:
        return f"{self.edge}: {self.name}"


CASES = [
    Case(edge, name, fault, EITHER if name in EITHER_AT.get(edge, ()) else expected)
    for edge in EDGES
    for name, fault, expected in FAULTS
]


#: Who asks whom, besides the user service.
ASKS: dict[str, list[str]] = {"product": [], "cart": ["product"], "order": ["cart", "inventory"]}


class Station:
    """Product, cart and order services of its own beside the user service that all share. Looks
    like one server to whoever buys there.
    """

    def __init__(self, make: NewServer, user: Server, number: int) -> None:
        self.user = user
        self.ways: dict[str, Proxy] = {}
        self.parts: dict[str, Server] = {}
        self.transport = Transport({"user": user.ports["user"]})
        for name, asks in ASKS.items():
            env = {**user.env, "PORT_OFFSET": None}
            for other in (*asks, "user"):
                way = Proxy(self.transport.ports[other])
                self.ways[f"{name} to {other}"] = way
                env[f"{other.upper()}_SERVICE_URL"] = way.url
            # Inventory hears of products within the process, without a Kafka.
            services = [name, "inventory"] if name == "product" else [name]
            part = make(f"{name}-{number}", services=services, env=env).start("/health")
            self.transport.ports.update({each: part.ports[each] for each in services})
            self.parts[name] = part
        self.files_at_start = {name: open_files(part) for name, part in self.parts.items()}
        self.shop = Shop(self)  # type: ignore[arg-type]
        self.supplier = self.shop.supplier()

    def run(self, *command: str) -> None:
        self.user.run(*command)

    def product(self) -> dict[str, Any]:
        return self.shop.stocked(self.shop.product(self.supplier, stockQuantity=1000))


regulars = Regulars()


class Deed:
    """One request along an edge that may be asked again, and how to count what it did."""

    def __init__(self, station: Station) -> None:
        self.headers = fresh_key()
        self.first, self.second = station.product(), station.product()
        self.who: Actor = regulars.one_of(station.shop)

    def warm_up(self) -> Reply:
        """The same along the same edge, for something else."""
        raise NotImplementedError

    def ask(self) -> Reply:
        raise NotImplementedError

    def effects(self) -> int:
        raise NotImplementedError


class Ordering(Deed):
    def __init__(self, station: Station) -> None:
        super().__init__(station)
        assert isinstance(self.who, Person)
        for product in (self.first, self.second):
            self.who.add(product, 3)

    def warm_up(self) -> Reply:
        return self.who.post("/orders/me", {"productId": self.second["id"], "quantity": 1})

    def ask(self) -> Reply:
        wanted = {"productId": self.first["id"], "quantity": 1}
        return self.who.post("/orders/me", wanted, headers=self.headers)

    def effects(self) -> int:
        orders = self.who.get("/orders/me").expect(200)["orders"]
        items = [item for order in orders for item in order["items"]]
        return sum(item["productId"] == self.first["id"] for item in items)


class Holding(Ordering):
    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.shop = station.shop

    def effects(self) -> int:
        stock = self.shop.anonymous.get(f"/inventory/{self.first['id']}").expect(200)
        assert stock["reservedQuantity"] == 1, "one order holds one unit, however often it asked"
        return super().effects()


class Filling(Deed):
    """Two pieces into the cart, so that one and a half would show."""

    def warm_up(self) -> Reply:
        return self.who.post("/carts/me/items", {"productId": self.second["id"], "quantity": 1})

    def ask(self) -> Reply:
        wanted = {"productId": self.first["id"], "quantity": 2}
        return self.who.post("/carts/me/items", wanted, headers=self.headers)

    def effects(self) -> int:
        lines = self.who.get("/carts/me").expect(200)["items"]
        pieces = sum(each["quantity"] for each in lines if each["productId"] == self.first["id"])
        assert pieces % 2 == 0
        return pieces // 2


class Renaming(Deed):
    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.who, self.name = station.supplier, unique("Renamed")

    def _change(self, product: dict[str, Any], name: str) -> Reply:
        return self.who.put(f"/products/{product['id']}", {"name": name})

    def warm_up(self) -> Reply:
        return self._change(self.second, unique("Other"))

    def ask(self) -> Reply:
        return self._change(self.first, self.name)

    def effects(self) -> int:
        shown = self.who.get(f"/products/{self.first['id']}").expect(200)
        return int(shown["name"] == self.name)


DEEDS = {
    "order to cart": Ordering,
    "order to inventory": Holding,
    "cart to product": Filling,
    "cart to user": Filling,
    "order to user": Ordering,
    "product to user": Renaming,
}
#: How often one request may ask along its edge: once, and once more when it hears nothing; for a
#: hold as docs/operations.md says, and then to give it back. Never twice by itself, unless it
#: changes nothing.
ASKED_MAX = {"order to inventory": 4 + 1}
recoveries = Recoveries()


def run(station: Station, case: Case) -> None:
    deed, way = DEEDS[case.edge](station), station.ways[case.edge]
    # A breaker may still be open after the case before; then there is a connection to be struck.
    wait_until(lambda: deed.warm_up().status in (200, 201), f"{case.edge} is well before the fault")
    with way.suffering(case.fault):
        began, asked_before = time.monotonic(), way.requests
        reply = deed.ask()
        took, asked = time.monotonic() - began, way.requests - asked_before
    assert way.hits > 0, "the fault struck nothing"
    assert asked <= ASKED_MAX.get(case.edge, 2), f"asked {asked} times"
    check_in_time(took, PATIENCE_MS / 1000 + SLACK_SECONDS, f"{case}: {reply}")
    if case.expected == WORKS and reply.status >= 500:
        check_in_time(took, PATIENCE_MS / 1000, f"{case}: {reply}")
    if case.expected == FAILS or reply.status >= 500:
        check_error(reply, *EDGES[case.edge])
        assert case.expected in (FAILS, EITHER)
    else:
        reply.expect(200, 201)

    def again() -> Reply | None:
        answer = deed.ask()
        assert answer.status in (200, 201, EDGES[case.edge][0]), answer
        return answer if answer.status < 300 else None

    done = recoveries.measure(str(case), again)
    if case.expected == WORKS and not isinstance(deed, Renaming):
        assert done.body == reply.body and done.headers["Idempotency-Replayed"] == "true"
    if case.expected == FAILS:
        assert "Idempotency-Replayed" not in done.headers, "the one that failed did nothing"
    wait_until(lambda: deed.effects() == 1, "one effect")


@pytest.fixture(scope="module")
def lab(
    request: pytest.FixtureRequest, new_module_server: NewServer, tmp_path_factory: Any
) -> Iterator[Lab[Station]]:
    folder: Path = tmp_path_factory.mktemp("user")
    env = {
        "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET,
        "AUTH_MODE": "remote",
        "AUTH_TIMEOUT_MS": str(PATIENCE_MS),
        "CART_TIMEOUT_MS": str(PATIENCE_MS),
        "PRODUCT_SERVICE_TIMEOUT_MS": str(PATIENCE_MS),
        "INVENTORY_TIMEOUT_MS": str(PATIENCE_MS),
    }
    user = new_module_server(folder.name, services=["user"], env=env).start("/health")

    def make(number: int) -> Station:
        return Station(new_module_server, user, number)

    made = Lab(STATIONS, make, run, selected(request))
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_edge_suffers(case: Case, lab: Lab[Station]) -> None:
    lab.outcome(case)


def test_afterwards_nothing_hangs_and_nothing_leaks(
    lab: Lab[Station], record_property: Any
) -> None:
    lab.all_done()
    for station in lab.made:
        for name, part in station.parts.items():
            check_base(part, name, station.files_at_start[name])
    record_property("recovery", recoveries.longest)
    print(recoveries.longest)
