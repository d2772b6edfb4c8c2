"""The proofs about stock where it is hardest: order and inventory in processes of their own, two
copies of each behind HAProxy, on MariaDB and Kafka.
"""

import http.client
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from conftest import NewServer
from lib import books
from lib.balanced import COPIES, Balanced
from lib.buyers import Buyer, buyers, fill_carts, sign_up_at_server
from lib.http import Reply, Transport
from lib.kafka import Kafka
from lib.parallel import at_once
from lib.sale import Sale, sell_and_take_back
from lib.server import Server
from lib.shop import Actor, Person
from lib.tripwire import Tripwire
from lib.waiting import wait_until

STOCK = 100
THREADS = 32


@pytest.fixture(scope="module")
def layout(separate: Balanced) -> Balanced:
    return separate


@pytest.fixture(scope="module")
def product(layout: Balanced) -> dict[str, Any]:
    return layout.shop.stocked(layout.shop.product(stockQuantity=STOCK))


@pytest.fixture(scope="module")
def crowd(
    layout: Balanced, product: dict[str, Any], size: Callable[[int, int], int]
) -> list[Buyer]:
    """All of them known, with one unit in the cart."""
    everybody = buyers(layout, size(400, 2_000))
    sign_up_at_server(
        lambda sql: layout.database.query(sql, f"{layout.prefix}_user"),
        layout.kafka.address,
        f"{layout.prefix}-user-events",
        everybody,
    )
    for service in ("cart", "order"):
        wait_until(
            lambda s=service: layout.rows(s, "SELECT COUNT(*) FROM accounts")[0][0]
            > len(everybody),
            f"{service} knows all of them",
            every=0.1,
        )
    fill_carts(everybody, product, THREADS)
    return everybody


@pytest.mark.slow
def test_a_hundred_units_go_to_a_hundred_buyers_whichever_copy_each_asks(
    layout: Balanced,
    product: dict[str, Any],
    crowd: list[Buyer],
    size: Callable[[int, int], int],
) -> None:
    for number in range(size(1, 3)):
        sale = Sale(product, f"apart-{number + 1}", THREADS)
        sell_and_take_back(layout, crowd, sale, STOCK)
        assert sale.troubles == []


@pytest.mark.slow
def test_inventory_and_order_are_killed_in_the_middle_of_the_sale_and_each_unit_is_sold_once(
    layout: Balanced,
    product: dict[str, Any],
    crowd: list[Buyer],
    size: Callable[[int, int], int],
) -> None:
    for number in range(size(1, 3)):
        sale = Sale(product, f"apart-killed-{number + 1}", THREADS)
        sale.at_sold[STOCK // 4] = partial(kill_all, layout, "inventory")
        sale.at_sold[STOCK // 2] = partial(kill_all, layout, "order")
        sell_and_take_back(layout, crowd, sale, STOCK)
        layout.all_up()
        assert len(sale.troubles) > THREADS, sale.troubles


def kill_all(layout: Balanced, side: str) -> None:
    """Both copies at once; they start again at once."""
    parts = [layout.parts[copy, side] for copy in COPIES]
    for part in parts:
        part.kill()
    at_once(len(parts), lambda n: layout.start(parts[n]))


# --- each step of placing, hit on purpose ---------------------------------------------------------


class Steps:
    """A third copy of order, in front of which and behind which something may happen to it."""

    def __init__(self, layout: Balanced, alone: Server, product: dict[str, Any]) -> None:
        self.layout, self.alone, self.product = layout, alone, product
        self.to_inventory = Tripwire(layout.balancer.inner["inventory"])
        self.from_buyer = Tripwire(alone.ports["order"])
        alone.env["INVENTORY_SERVICE_URL"] = self.to_inventory.url

    def kill_order(self) -> None:
        self.alone.kill()

    def kill_inventory(self) -> None:
        for copy in COPIES:
            self.layout.parts[copy, "inventory"].kill()

    def all_up(self) -> None:
        for part in [self.alone, *(self.layout.parts[copy, "inventory"] for copy in COPIES)]:
            if not part.running:
                part.start()
        self.layout.all_up()

    def ask(self, buyer: Person) -> Reply | None:
        """Of the third copy, through the tripwire; nothing when there was no answer."""
        there: Any = type("One", (), {"transport": Transport({"order": self.from_buyer.port})})()
        wanted, key = {"productId": self.product["id"]}, {"Idempotency-Key": "this-one"}
        try:
            return Actor(there, buyer.token).post("/orders/me", wanted, headers=key)
        except (OSError, http.client.HTTPException):
            return None

    def orders_of(self, buyer: Person) -> int:
        return len(self.layout.rows("order", f"SELECT id FROM orders WHERE user_id = {buyer.id}"))


@pytest.fixture(scope="module")
def steps(layout: Balanced, new_module_server: NewServer) -> Iterator[Steps]:
    alone = new_module_server("order-three", services=("order",))
    alone.env.update(layout.parts["one", "order"].env, PORT_OFFSET=str(alone.offset))
    made = Steps(layout, alone, layout.shop.stocked(layout.shop.product(stockQuantity=STOCK)))
    alone.start()
    yield made
    made.to_inventory.close()
    made.from_buyer.close()
    alone.stop()


def put_into_cart(buyer: Person, product: dict[str, Any]) -> None:
    """As soon as the cart service has heard of both."""
    one = {"productId": product["id"]}
    wait_until(lambda: buyer.post("/carts/me/items", one).status == 201, "it lies in the cart")


HOLD = b"PUT /internal/holds/"
ORDER = b"POST /orders/me"
#: What is killed where, and then: units held, orders.
MOMENTS = {
    "order dies before the hold": ("before", HOLD, "order", 0, 0),
    "order dies after the hold": ("after", HOLD, "order", 1, 0),
    "inventory dies before the hold": ("before", HOLD, "inventory", 0, 0),
    "inventory dies after the hold": ("after", HOLD, "inventory", 1, 0),
    "order dies after writing, before its answer": ("after", ORDER, "order", 1, 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("moment", list(MOMENTS))
def test_whoever_dies_at_whichever_step_the_buyer_gets_one_order(
    steps: Steps, moment: str
) -> None:
    steps.all_up()
    when, mark, who, held, orders = MOMENTS[moment]
    buyer = steps.layout.shop.user()
    put_into_cart(buyer, steps.product)
    before = books.check_at_rest(steps.layout)[steps.product["id"]]
    wire = steps.to_inventory if mark == HOLD else steps.from_buyer
    kill = steps.kill_order if who == "order" else steps.kill_inventory
    (wire.before if when == "before" else wire.after)(mark, kill)

    unclear = steps.ask(buyer)

    assert wire.struck == 1
    assert unclear is None or unclear.status == 503, unclear
    book = books.books_of(steps.layout)[steps.product["id"]]
    book.check()
    assert steps.orders_of(buyer) == orders
    # The two other copies of order go on: they may have told of the order already.
    assert book.reserved - before.reserved == held
    steps.all_up()
    wait_until(lambda: (r := steps.ask(buyer)) is not None and r.status == 201, "it is placed")
    assert steps.orders_of(buyer) == 1
    after = books.check_at_rest(steps.layout)[steps.product["id"]]
    assert (after.reserved, after.total) == (before.reserved + 1, STOCK)


@pytest.mark.slow
def test_order_and_inventory_die_while_kafka_is_away_and_the_stock_is_the_orders_all_the_same(
    steps: Steps, kafka: Kafka
) -> None:
    steps.all_up()
    buyer, product = steps.layout.shop.user(), steps.product["id"]
    put_into_cart(buyer, steps.product)
    before = books.check_at_rest(steps.layout)[product]
    kafka.freeze()
    try:
        placed = steps.ask(buyer)
        assert placed is not None and placed.status == 201
        told = steps.layout.rows("order", "SELECT event_type FROM outbox")
        assert ("ORDER_CREATED",) in told
        steps.kill_order()
        steps.kill_inventory()
        book = books.books_of(steps.layout)[product]
        assert (book.held, book.active) == (1, before.active)
    finally:
        kafka.thaw()
    steps.all_up()
    after = books.check_at_rest(steps.layout)[product]
    assert (after.held, after.active) == (0, before.active + 1)


# --- where order knows of no inventory ------------------------------------------------------------


@pytest.mark.slow
def test_without_inventory_to_ask_orders_are_placed_and_a_shortage_cancels_them_afterwards(
    layout: Balanced, new_server: NewServer
) -> None:
    """later-services §8.1: INVENTORY_SERVICE_URL is not set and inventory runs elsewhere."""
    alone = new_server("order-unheld", services=("order",))
    alone.env.update(layout.parts["one", "order"].env, PORT_OFFSET=str(alone.offset))
    del alone.env["INVENTORY_SERVICE_URL"]
    alone.start()
    scarce = layout.shop.stocked(layout.shop.product(stockQuantity=1))
    people = [layout.shop.user("First"), layout.shop.user("Second")]
    orders = []
    for person in people:
        put_into_cart(person, scarce)
        there = Actor(alone, person.token)
        orders.append(there.post("/orders/me", {"productId": scarce["id"]}).expect(201))
    assert {order["status"] for order in orders} == {"pending"}
    ids = ", ".join(str(order["id"]) for order in orders)
    known = layout.rows("order", f"SELECT placement_id FROM orders WHERE id IN ({ids})")
    assert known == [("NULL",), ("NULL",)]

    def states() -> list[tuple[str, str]]:
        shown = [
            person.get(f"/orders/{order['id']}").expect(200)
            for person, order in zip(people, orders, strict=True)
        ]
        return sorted((each["status"], each["cancelReason"] or "") for each in shown)

    both = [("cancelled", "insufficient_stock"), ("pending", "")]
    wait_until(lambda: states() == both, "one has the unit, the other is cancelled")
    book = books.check_at_rest(layout)[scarce["id"]]
    assert (book.total, book.reserved, book.active) == (1, 1, 1)
    alone.stop()
