"""Client to service: a client whose line is bad. What it never heard the answer of it may
ask again; what did not arrive whole did nothing.
"""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

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
    reset,
    slices,
    stall,
)
from lib.proxy import Proxy
from lib.server import SERVICES, Server
from lib.shapes import check_error
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, login
from lib.timing import check_in_time

HEAD_ENDS = b"\r\n\r\n"
CLIENTS = 6
#: WORKS: answered as ever. UNHEARD: done, and the answer is lost. NOTHING: it never arrived whole.
#: LATE: it did not arrive in time, and the service says so.
WORKS, UNHEARD, NOTHING, LATE = "works", "unheard", "nothing", "late"
#: Seconds a service waits for the head, and for the body (docs/operations.md).
HEAD_SECONDS, BODY_SECONDS = 5.0, 10.0


@dataclass(frozen=True)
class Row:
    name: str
    fault: Fault
    expected: str
    #: A sign-up hashes a password when nobody else needs the processor.
    seconds_max: float = 30.0
    needs_body: bool = False


THERE, BACK = Way.THERE, Way.BACK
ROWS = [
    Row("byte by byte", slices(), WORKS),
    Row("byte by byte, slowly", slices(0.001, THERE), WORKS),
    Row("a little late", latency(0.1, jitter=0.05), WORKS),
    Row("20 KB a second", bandwidth(20_000), WORKS),
    Row("the answer is lost", lose_answer(), UNHEARD),
    Row("the answer is reset", reset(way=BACK), UNHEARD),
    Row("the answer is cut within its head", cut(10), UNHEARD),
    Row("the answer is cut within its body", cut(4, beyond=HEAD_ENDS), UNHEARD),
    Row("the request is reset within its head", reset(after=40), NOTHING),
    Row("the request is cut within its head", cut(40, THERE), NOTHING),
    Row("the request is reset within its body", reset(5, beyond=HEAD_ENDS), NOTHING, 30.0, True),
    Row("the request is cut within its body", cut(5, THERE, HEAD_ENDS), NOTHING, 30.0, True),
    Row("the request stalls within its head", stall(THERE, after=40), LATE, HEAD_SECONDS),
    Row(
        "the request stalls within its body",
        stall(THERE, after=5, beyond=HEAD_ENDS),
        LATE,
        BODY_SECONDS,
        True,
    ),
]


@dataclass(frozen=True)
class Case:
    deed: str
    row: Row

    def __str__(self) -> str:
        return f"{self.deed}: {self.row.name}"


class Line:
    """The way of one client to every service. Looks like a server to whoever buys there."""

    def __init__(self, server: Server) -> None:
        self.proxies = {name: Proxy(server.ports[name]) for name in SERVICES}
        ports = {name: proxy.port for name, proxy in self.proxies.items()}
        self.transport = Transport(ports, timeout=90)

    def through(self, person: Actor) -> Actor:
        return Actor(self, person.token)  # type: ignore[arg-type]

    def close(self) -> None:
        self.transport.forget_connections()
        for proxy in self.proxies.values():
            proxy.close()


regulars = Regulars()


class Deed:
    """Something that changes the shop."""

    service = ""
    #: What a second try may be told when the first one did it.
    done = (200, 201)
    #: Whether the second try gets the first one's bytes.
    is_keyed = True

    def __init__(self, shop: Shop) -> None:
        self.headers = fresh_key()
        self.buyer: Person = regulars.one_of(shop)
        self.product = shop.stocked(shop.product(stockQuantity=1000))

    def ask(self, who: Actor) -> Reply:
        raise NotImplementedError

    def effects(self) -> int:
        raise NotImplementedError


class SigningUp(Deed):
    service, done, is_keyed = "user", (201, 409), False

    def __init__(self, shop: Shop) -> None:
        self.shop, self.email = shop, fresh_email("shaky")
        self.buyer = Person(shop.server, {"id": 0, "email": self.email}, PASSWORD, None)

    def ask(self, who: Actor) -> Reply:
        wanted = {"name": "Shaky", "email": self.email, "password": PASSWORD}
        return who.post("/auth/signup", wanted)

    def effects(self) -> int:
        reply = login(self.shop.server, self.email, PASSWORD)
        assert reply.status in (200, 401), reply
        return int(reply.status == 200)


class Filling(Deed):
    service = "cart"

    def ask(self, who: Actor) -> Reply:
        wanted = {"productId": self.product["id"], "quantity": 2}
        return who.post("/carts/me/items", wanted, headers=self.headers)

    def effects(self) -> int:
        lines = self.buyer.get("/carts/me").expect(200)["items"]
        pieces = sum(each["quantity"] for each in lines if each["productId"] == self.product["id"])
        assert pieces % 2 == 0
        return pieces // 2


class Ordering(Deed):
    service = "order"

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.buyer.add(self.product, 5)

    def ask(self, who: Actor) -> Reply:
        wanted = {"productId": self.product["id"], "quantity": 1}
        return who.post("/orders/me", wanted, headers=self.headers)

    def effects(self) -> int:
        orders = self.buyer.get("/orders/me").expect(200)["orders"]
        items = [item for order in orders for item in order["items"]]
        return sum(item["productId"] == self.product["id"] for item in items)


class CheckingOut(Ordering):
    """The whole cart, so it is somebody's first visit."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.buyer = shop.user()
        self.buyer.add(self.product, 5)

    def ask(self, who: Actor) -> Reply:
        # Long enough to be cut in the middle.
        return who.post("/orders/me/checkout", body=b"{        }", headers=self.headers)


class Cancelling(Ordering):
    is_keyed = False

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.number = self.buyer.order(self.product, 1)["id"]

    def ask(self, who: Actor) -> Reply:
        return who.patch(f"/orders/{self.number}/cancel")

    def effects(self) -> int:
        return int(self.buyer.get(f"/orders/{self.number}").expect(200)["status"] == "cancelled")


DEEDS = {
    "sign up": SigningUp,
    "fill the cart": Filling,
    "order": Ordering,
    "check out": CheckingOut,
    "cancel": Cancelling,
}
CASES = [
    Case(deed, row)
    for deed in DEEDS
    for row in ROWS
    if not (row.needs_body and deed == "cancel")
]
recoveries = Recoveries()


def reply_or_none(deed: Deed, who: Actor) -> Reply | None:
    try:
        return deed.ask(who)
    except (OSError, http.client.HTTPException):
        return None


def run(shop: Shop, case: Case) -> None:
    deed, line, row = DEEDS[case.deed](shop), Line(shop.server), case.row
    try:
        shaky, way = line.through(deed.buyer), line.proxies[deed.service]
        shaky.get("/health", service=deed.service).expect(200)
        with way.suffering(row.fault):
            began = time.monotonic()
            reply = reply_or_none(deed, shaky)
            took = time.monotonic() - began
            assert way.hits > 0, "the fault struck nothing"
            check_in_time(took, row.seconds_max + SLACK_SECONDS, str(case))
            if row.expected in (UNHEARD, NOTHING):
                assert reply is None, reply
            elif row.expected == LATE:
                assert reply is not None
                check_error(reply, 408)
            else:
                assert reply is not None
                reply.expect(200, 201)
        did = deed.effects()
        assert did == int(row.expected in (WORKS, UNHEARD)), f"{did} effects"
        line.transport.forget_connections()
        again = recoveries.measure(str(case), lambda: reply_or_none(deed, shaky))
        again.expect(*(deed.done if did else (200, 201)))
        assert deed.effects() == 1
        if deed.is_keyed:
            assert ("Idempotency-Replayed" in again.headers) == bool(did)
        if deed.is_keyed and reply is not None and did:
            assert again.body == reply.body
    finally:
        line.close()


@pytest.fixture(scope="module")
def files_before(shop: Shop) -> int:
    shop.user().buy(shop.stocked(shop.product()))  # Opens every database.
    return open_files(shop.server)


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, shop: Shop, files_before: int) -> Iterator[Lab[Shop]]:
    shop.as_admin()
    made = Lab(CLIENTS, lambda _: shop, run, selected(request))
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_client_suffers(case: Case, lab: Lab[Shop]) -> None:
    lab.outcome(case)


def test_afterwards_nothing_hangs_and_nothing_leaks(
    lab: Lab[Shop], shop: Shop, files_before: int, record_property: Any
) -> None:
    lab.all_done()
    # The threads of this test keep a connection each to every service.
    for name in SERVICES:
        check_base(shop.server, name, files_before + CLIENTS * len(SERVICES))
    record_property("recovery", recoveries.longest)
    print(recoveries.longest)
