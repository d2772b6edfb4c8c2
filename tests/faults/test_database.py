"""Service to database: MariaDB behind a line that breaks in every way. What a COMMIT whose
answer is lost did, its key settles.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
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
from lib.http import Reply
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
from lib.mariadb import MariaDb
from lib.proxy import Proxy
from lib.server import SERVICES, Server
from lib.shapes import check_error
from lib.shop import PASSWORD, Person, Shop, fresh_email
from lib.timing import Late, check_in_time
from lib.waiting import wait_until

STATIONS = 5
POOL_SIZE = 4
UNAVAILABLE = "Service temporarily unavailable"
#: docs/mysql.md: 3 s to connect, 10 s for an answer; and somebody else may be served before.
SECONDS_MAX = 3.0 + 2 * 10.0
#: UNKNOWN: refused as FAILS, and perhaps done all the same. EITHER: as the bytes happen to fall, or
#: the time of one read is over.
READ_SECONDS_MAX = 0.5
WORKS, FAILS, UNKNOWN, EITHER = "works", "fails", "unknown", "either"
#: Faults that let everything pass: how long that takes is the line's own.
SLOW = ("latency", "slices", "bandwidth")
COMMIT = b"COMMIT"
BACK, THERE = Way.BACK, Way.THERE

#: For every deed.
FAULTS: list[tuple[str, Fault, str]] = [
    ("refused", refuse(), FAILS),
    ("reset at the first byte", reset(), FAILS),
    ("reset at the answer", reset(way=BACK), FAILS),
    ("cut within a packet's head", cut(3), FAILS),
    ("cut within the first rows", cut(30), EITHER),
    ("cut later", cut(100), EITHER),
    ("cut within a statement", cut(12, THERE), FAILS),
    ("accepted and silent", stall(), FAILS),
    ("the answer is held", stall(BACK), FAILS),
    ("half open", vanish(), EITHER),
    ("an answer is lost", lose_answer(), FAILS),
    ("a little late", latency(0.03, jitter=0.02), WORKS),
    ("late", latency(0.1), EITHER),
    ("byte by byte", slices(), EITHER),
    ("byte by byte, slowly", slices(0.002, BACK), EITHER),
    ("20 KB a second", bandwidth(20_000), WORKS),
]
#: For what changes something.
AT_COMMIT: list[tuple[str, Fault, str]] = [
    ("the answer to COMMIT is lost", lose_answer(COMMIT), UNKNOWN),
    ("the answer to COMMIT is held", stall(BACK, COMMIT), UNKNOWN),
]


@dataclass(frozen=True)
class Case:
    deed: str
    name: str
    fault: Fault
    expected: str

    def __str__(self) -> str:
        return f"{self.deed}: {self.name}"


class Station:
    """A whole shop, and a proxy between it and its databases."""

    def __init__(self, make: NewServer, database: MariaDb, number: int) -> None:
        self.way = Proxy(database.port)
        env = database.settings(f"faults{number}", SERVICES)
        env |= {"DB_PORT": str(self.way.port), "DB_POOL_SIZE": str(POOL_SIZE)}
        self.server: Server = make(f"shop-{number}", env=env).start()
        self.server.transport.timeout = 90
        self.shop = Shop(self.server)
        self.shop.user().buy(self.shop.stocked(self.shop.product()))
        self.files_at_start = open_files(self.server)


regulars = Regulars()


class Deed:
    def __init__(self, shop: Shop) -> None:
        self.headers, self.shop = fresh_key(), shop
        self.buyer: Person = regulars.one_of(shop)
        self.product = shop.stocked(shop.product(stockQuantity=1000))

    def ask(self) -> Reply:
        raise NotImplementedError

    def effects(self) -> int:
        raise NotImplementedError


def count_of_orders(of: Person, product: dict[str, Any]) -> int:
    """0 also when nobody answers."""
    orders = of.get("/orders/me").json.get("orders", [])
    items = [item for order in orders for item in order["items"]]
    return sum(item["productId"] == product["id"] for item in items)


class Ordering(Deed):
    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.buyer.add(self.product, 5)

    def ask(self) -> Reply:
        wanted = {"productId": self.product["id"], "quantity": 1}
        return self.buyer.post("/orders/me", wanted, headers=self.headers)

    def effects(self) -> int:
        return count_of_orders(self.buyer, self.product)


class Filling(Deed):
    def ask(self) -> Reply:
        wanted = {"productId": self.product["id"], "quantity": 1}
        return self.buyer.post("/carts/me/items", wanted, headers=self.headers)

    def effects(self) -> int:
        lines = self.buyer.get("/carts/me").json.get("items", [])
        return sum(each["quantity"] for each in lines if each["productId"] == self.product["id"])


class SigningUp(Deed):
    """Without a key: a second try is told that the address is taken."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.email = shop, fresh_email("shaky")

    def ask(self) -> Reply:
        wanted = {"name": "Shaky", "email": self.email, "password": PASSWORD}
        return self.shop.anonymous.post("/auth/signup", wanted)

    def effects(self) -> int:
        return int(self.ask().status == 409)


class Reading(Deed):
    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.number = self.buyer.buy(self.product)["id"]

    def ask(self) -> Reply:
        return self.buyer.get(f"/orders/{self.number}")

    def effects(self) -> int:
        return count_of_orders(self.buyer, self.product)


DEEDS = {"order": Ordering, "fill the cart": Filling, "sign up": SigningUp, "read": Reading}
CASES = [
    Case(deed, *row) for deed in DEEDS for row in FAULTS + (AT_COMMIT if deed != "read" else [])
]
recoveries = Recoveries()
#: Where a COMMIT was done and its answer lost.
unheard: list[Case] = []


def check_first(reply: Reply, case: Case) -> None:
    if reply.status == 502 and case.deed == "fill the cart":
        # The contract's word when product, whose database it is too, has none for cart.
        check_error(reply, 502, "Internal server error")
        assert case.expected in (FAILS, EITHER), reply
    elif reply.status == 503:
        check_error(reply, 503, UNAVAILABLE)
        assert reply.headers["Retry-After"] == "1"
        assert case.expected in (FAILS, UNKNOWN, EITHER), reply
    else:
        reply.expect(200, 201)
        assert case.expected in (WORKS, EITHER, UNKNOWN), reply


def run(station: Station, case: Case) -> None:
    way = station.way
    wait_until(lambda: DEEDS[case.deed](station.shop).ask().status < 500, "the one before is over")
    deed = DEEDS[case.deed](station.shop)
    with way.suffering(case.fault):
        began = time.monotonic()
        reply = deed.ask()
        took = time.monotonic() - began
        if way.hits == 0 and reply.status == 503:
            raise Late(f"{case}: the one before it is still felt")
        assert way.hits > 0, f"the fault struck nothing: {reply}"
    if case.fault.name not in SLOW:
        check_in_time(took, SECONDS_MAX + SLACK_SECONDS, str(case))
    if case.expected == WORKS and reply.status >= 500:
        check_in_time(took, READ_SECONDS_MAX, f"{case}: {reply}")
    check_first(reply, case)

    def again() -> Reply | None:
        answer = deed.ask()
        return answer if answer.status < 500 else None

    done = recoveries.measure(str(case), again)
    was_done = done.status == 409 or "Idempotency-Replayed" in done.headers
    done.expect(*((201, 409) if case.deed == "sign up" else (200, 201)))
    if case.deed != "read" and case.expected in (WORKS, FAILS):
        assert was_done == (reply.status < 300), "what was refused did nothing"
    if case.expected == UNKNOWN and reply.status == 503 and was_done:
        unheard.append(case)
    if was_done and reply.status < 300 and case.deed != "sign up":
        assert done.body == reply.body
    wait_until(lambda: deed.effects() == 1, "one effect")


@pytest.fixture(scope="module")
def lab(
    request: pytest.FixtureRequest, new_module_server: NewServer, database: MariaDb
) -> Iterator[Lab[Station]]:
    def make(number: int) -> Station:
        return Station(new_module_server, database, number)

    # What has to wait for time-outs first, so that nobody waits for it at the end.
    cases = sorted(selected(request), key=lambda case: case.fault.name not in ("stall", "vanish"))
    made = Lab(STATIONS, make, run, cases)
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_database_suffers(case: Case, lab: Lab[Station]) -> None:
    lab.outcome(case)


def test_of_what_was_done_and_never_heard_the_key_told(lab: Lab[Station]) -> None:
    lab.all_done()
    assert unheard, "no case lost the answer to the COMMIT of what was asked for"


def test_afterwards_nothing_hangs_and_nothing_leaks(
    lab: Lab[Station], record_property: Any
) -> None:
    lab.all_done()
    for station in lab.made:
        for name in SERVICES:
            check_base(station.server, name, station.files_at_start)
        assert station.way.open <= POOL_SIZE * len(SERVICES)
    record_property("recovery", recoveries.longest)
    print(recoveries.longest)
