"""Two copies of every service behind HAProxy (deploy/haproxy), on one MariaDB and one Kafka. Each
copy is two processes, so that services call one another through the balancer, too.
"""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conftest import NewServer
from lib.balanced import COPIES, Balanced
from lib.http import Reply, Transport, exchange
from lib.kafka import Kafka
from lib.mariadb import MariaDb
from lib.server import SERVICES
from lib.shop import Person
from lib.timing import EVERYWHERE_SECONDS, again_when_late, check_in_time
from lib.waiting import wait_until

SIDES = {"front": ("user", "product", "inventory"), "back": ("cart", "order")}
PREFIX = "balanced"
BUYERS = 6
#: Orders that prove that the shop goes on.
ORDERS = 40
#: How long a buyer insists on an answer, in seconds.
PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def shop(
    kafka: Kafka,
    database: MariaDb,
    new_module_server: NewServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Balanced]:
    folder = tmp_path_factory.mktemp("haproxy")
    balanced = Balanced(folder, new_module_server, database, kafka, PREFIX, SIDES)
    try:
        yield balanced.start_all()
    finally:
        balanced.balancer.stop()


def test_copies_that_start_at_once_on_empty_databases_make_each_table_once(
    shop: Balanced, database: MariaDb
) -> None:
    for name in SERVICES:
        rows = database.query(
            "SELECT series, name, is_done FROM schema_migrations", f"{PREFIX}_{name}"
        )
        assert rows and all(is_done == "1" for _, _, is_done in rows)
        logs = "".join(shop.part(copy, name).log for copy in COPIES)
        assert len(re.findall(rf"db_migrated .*database={name}\b", logs)) == len(rows)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/products", 200),
        ("/auth/session", 401),
        ("/carts/me", 401),
        ("/orders/me", 401),
        ("/inventory", 401),
        ("/internal/products/1", 404),
        ("/internal/holds/1", 404),
        ("/INTERNAL/products/1", 404),
        ("/products/../internal/products/1", 400),
        ("/metrics", 404),
        ("/ready", 404),
    ],
)
def test_the_public_reaches_what_customers_need_and_nothing_internal(
    shop: Balanced, target: str, status: int
) -> None:
    connection = shop.balancer.connect()
    reply = exchange(connection, "GET", target)
    connection.close()
    assert reply.status == status
    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"
    plain = Transport({"user": shop.balancer.plain}).send("user", "GET", "/products")
    assert plain.status == 308 and plain.headers["Location"].startswith("https://")


@again_when_late
def test_a_session_that_ends_at_one_copy_has_ended_at_all_within_a_second(shop: Balanced) -> None:
    # Late, too, is what copies say that have just started and still share out partitions.
    check_in_time(seconds_until_it_is_over(shop), EVERYWHERE_SECONDS, "the session is over")


def seconds_until_it_is_over(shop: Balanced) -> float:
    person = shop.shop.user()
    asked = {
        "user": ("GET", "/auth/session", 200),
        "cart": ("GET", "/carts/me", 200),
        "order": ("GET", "/orders/me", 200),
        "product": ("POST", "/products", 403),
        "inventory": ("GET", "/inventory", 403),
    }

    def refused(copy: str) -> list[str]:
        person_there = shop.direct(copy, person.token)
        replies = {name: person_there.send(*asked[name][:2]) for name in asked}
        for name, reply in replies.items():
            assert reply.status in (401, asked[name][2]), reply
        return [name for name, reply in replies.items() if reply.status == 401]

    for copy in COPIES:
        wait_until(lambda c=copy: refused(c) == [], f"the token is good at copy {copy}")
    shop.direct("one", person.token).post("/auth/logout", {}).expect(200, 204)
    begun = time.monotonic()
    for copy in COPIES:
        wait_until(lambda c=copy: len(refused(c)) == len(asked), f"it is over at copy {copy}")
    return time.monotonic() - begun


def only(shop: Balanced, copy: str) -> None:
    """From now on the balancer sends everything to this copy."""
    for other in COPIES:
        state = "ready" if other == copy else "maint"
        for name in SERVICES:
            assert shop.balancer.tell(f"set server {name}/{other} state {state}").strip() == ""
    wait_until(lambda: shop.balancer.up(copy) == set(SERVICES), f"copy {copy} takes requests")


def both(shop: Balanced) -> None:
    for copy in COPIES:
        for name in SERVICES:
            shop.balancer.tell(f"set server {name}/{copy} state ready")
    shop.all_up()


@pytest.mark.parametrize("path", ["/carts/me/items", "/orders/me", "/orders/me/checkout"])
def test_a_key_holds_when_it_is_used_again_at_another_copy(shop: Balanced, path: str) -> None:
    mug = shop.shop.product(price="4.50", stockQuantity=1000)
    buyer = shop.shop.user()
    buyer.add(mug, 3)
    wanted = {} if path.endswith("checkout") else {"productId": mug["id"], "quantity": 1}

    def ask() -> Reply:
        return buyer.post(path, wanted, headers={"Idempotency-Key": f"key{path}"})

    try:
        only(shop, "one")
        first = ask()
        first.expect(201)
        only(shop, "two")
        again = ask()
        assert (again.status, again.body) == (201, first.body)
        assert again.headers["Idempotency-Replayed"] == "true"
        changed = {"productId": mug["id"], "quantity": 2}
        other = buyer.post(path, changed, headers={"Idempotency-Key": f"key{path}"})
        assert other.status == (400 if path.endswith("checkout") else 422)
        orders = buyer.get("/orders/me").expect(200)["orders"]
        assert len(orders) == (0 if path == "/carts/me/items" else 1)
    finally:
        both(shop)


class Crowd:
    """Buyers who add and order without a pause, each write with a key. A failure is written down,
    and the write asked again with its key until the answer is definite.
    """

    def __init__(self, shop: Balanced) -> None:
        self.shop = shop
        self.mug = shop.shop.product(price="4.50", stockQuantity=1_000_000)
        self.buyers = [shop.shop.user(f"Buyer {number}") for number in range(BUYERS)]
        self.orders: dict[int, list[int]] = {buyer.id: [] for buyer in self.buyers}
        self.failures: list[str] = []
        self.bugs: list[str] = []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._buy, args=(buyer,), daemon=True) for buyer in self.buyers
        ]

    def __enter__(self) -> "Crowd":
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for each in self.threads:
            each.join(2 * PATIENCE_SECONDS)
        assert not any(each.is_alive() for each in self.threads)

    def more(self, orders: int = ORDERS) -> None:
        wanted = sum(map(len, self.orders.values())) + orders
        wait_until(
            lambda: self.bugs or sum(map(len, self.orders.values())) >= wanted,
            f"{orders} more orders",
            2 * PATIENCE_SECONDS,
        )
        assert self.bugs == []

    def _buy(self, buyer: Person) -> None:
        try:
            number = 0
            while not self.over.is_set():
                number += 1
                one = {"productId": self.mug["id"], "quantity": 1}
                self._write(buyer, "/carts/me/items", one, f"add-{number}")
                placed = self._write(buyer, "/orders/me", one, f"order-{number}")
                self.orders[buyer.id].append(placed["id"])
        except BaseException as why:
            self.bugs.append(repr(why))
            raise

    def _write(self, buyer: Person, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                reply = buyer.post(path, body, headers={"Idempotency-Key": key})
                if reply.status < 500:
                    return reply.expect(201)
                self.failures.append(str(reply))
            except (OSError, http.client.HTTPException) as cut:
                self.failures.append(repr(cut))
            assert time.monotonic() < until, self.failures[-3:]

    def check_books(self, database: MariaDb) -> None:
        """What was answered is there once, and every unit that was ordered has left its cart."""
        for buyer in self.buyers:
            mine = self.orders[buyer.id]
            rows = database.query(
                f"SELECT id FROM orders WHERE user_id = {buyer.id}", f"{PREFIX}_order"
            )
            assert sorted(int(row[0]) for row in rows) == sorted(mine) == sorted(set(mine))
            wait_until(
                lambda b=buyer: b.cart()["items"] == [], "all that was ordered left the cart"
            )
        self.shop.outboxes_are_empty()


@pytest.fixture
def crowd(shop: Balanced) -> Crowd:
    shop.all_up()
    return Crowd(shop)


@pytest.mark.slow
def test_copies_are_stopped_and_started_one_by_one_and_no_request_fails(
    shop: Balanced, crowd: Crowd, database: MariaDb
) -> None:
    with crowd:
        crowd.more()
        for part in shop.parts.values():
            part.ask_to_stop()
            assert part.ended() == 0
            crowd.more()
            shop.start(part)
            shop.all_up()
        crowd.more()
    assert crowd.failures == []
    crowd.check_books(database)


@pytest.mark.slow
@pytest.mark.parametrize("side", list(SIDES))
def test_a_copy_that_is_killed_fails_what_it_had_in_hand_and_nothing_is_doubled(
    shop: Balanced, crowd: Crowd, database: MariaDb, side: str
) -> None:
    killed = shop.parts["one", side]
    with crowd:
        crowd.more()
        before = len(crowd.failures)
        killed.kill()
        crowd.more()
        after = crowd.failures[before:]
        shop.start(killed)
        shop.all_up()
        crowd.more()
    # One request of each buyer may have been there.
    assert before == 0 and len(after) <= BUYERS, crowd.failures
    assert len(crowd.failures) == len(after)
    crowd.check_books(database)


def holders(shop: Balanced, service: str) -> list[str]:
    """The copies that believe to be the one that sends this service's events."""

    def believes(copy: str) -> bool:
        part = shop.part(copy, service)
        told = re.findall(
            rf"db_lease_(taken|lost) .*database={service}\b", part.log[shop.begun[part] :]
        )
        return bool(told) and told[-1] == "taken"

    return [copy for copy in COPIES if believes(copy)]


@pytest.mark.slow
def test_one_copy_at_a_time_sends_events_and_the_other_goes_on_when_it_hangs(
    shop: Balanced, database: MariaDb
) -> None:
    mug = shop.shop.product(price="4.50", stockQuantity=1000)
    buyer = shop.shop.user()
    for copy in COPIES:
        there = shop.direct(copy, buyer.token)
        one = {"productId": mug["id"], "quantity": 1}
        wait_until(
            lambda t=there, o=one: t.post("/carts/me/items", o).status == 201,
            f"copy {copy} knows the buyer",
        )
        there.post("/orders/me", one).expect(201)
    shop.outboxes_are_empty()
    # What each says of it is in its log a moment later.
    wait_until(lambda: len(holders(shop, "order")) == 1, "one copy says that it sends")
    (holder,) = holders(shop, "order")
    (other,) = set(COPIES) - {holder}
    frozen = shop.part(holder, "order")
    assert frozen.process is not None
    only(shop, other)
    freeze: Callable[[int], None] = frozen.process.send_signal
    freeze(19)  # SIGSTOP
    try:
        buyer.buy(mug)
        shop.outboxes_are_empty()
        wait_until(lambda: other in holders(shop, "order"), "the other copy says that it sends")
    finally:
        freeze(18)  # SIGCONT
        both(shop)
    wait_until(lambda: holders(shop, "order") == [other], "the one that hung knows that it lost it")
    wait_until(lambda: buyer.cart()["items"] == [], "all that was ordered left the cart")
    assert len(buyer.get("/orders/me").expect(200)["orders"]) == len(COPIES) + 1
