"""The books of stock, as their tables say, whatever database they are in: one statement, so one
moment. What must hold of them in every moment, and what once all is at rest.
"""

import json
from collections.abc import Set
from dataclasses import dataclass
from typing import Any, Protocol

from lib.mariadb import MariaDb
from lib.server import SERVICES, Server
from lib.shop import Shop
from lib.store import file_of, query
from lib.waiting import wait_until

#: How long everything may take to come to rest after the last trouble, in seconds.
REST_SECONDS_MAX = 120.0
SNAPSHOT = """
    SELECT i.product_id, i.total_quantity, i.reserved_quantity,
           (SELECT COALESCE(SUM(m.delta), 0) FROM stock_movements m
             WHERE m.product_id = i.product_id),
           (SELECT COALESCE(SUM(r.quantity), 0) FROM inventory_reservations r
             WHERE r.product_id = i.product_id AND r.status = 'active'),
           (SELECT COALESCE(SUM(r.quantity), 0) FROM inventory_reservations r
             WHERE r.product_id = i.product_id AND r.status = 'confirmed'),
           (SELECT COALESCE(GROUP_CONCAT(held_lines), '') FROM holds WHERE state = 'held')
      FROM inventory_items i ORDER BY i.product_id
"""
#: Orders of which inventory's own tables contradict each other: what it has put aside for them is
#: of another state than it says, of nobody, not there, or was held for no order.
CONTRADICTIONS = """
    SELECT r.order_id, r.status, s.state
      FROM inventory_reservations r LEFT JOIN order_stock s ON s.order_id = r.order_id
     WHERE s.state IS NULL
        OR r.status <> CASE s.state WHEN 'reserved' THEN 'active' ELSE s.state END
    UNION ALL
    SELECT s.order_id, 'nothing', s.state FROM order_stock s
     WHERE s.state = 'reserved'
       AND NOT EXISTS (SELECT 1 FROM inventory_reservations r WHERE r.order_id = s.order_id)
    UNION ALL
    SELECT NULL, 'taken', h.placement_id FROM holds h
     WHERE h.state = 'taken'
       AND NOT EXISTS (SELECT 1 FROM order_stock s WHERE s.placement_id = h.placement_id)
"""
ORDERED = """
    SELECT i.product_id, o.status, SUM(i.quantity) FROM order_items i
      JOIN orders o ON o.id = i.order_id GROUP BY i.product_id, o.status
"""
LINES = """
    SELECT i.order_id, i.product_id, SUM(i.quantity), o.status FROM order_items i
      JOIN orders o ON o.id = i.order_id GROUP BY i.order_id, i.product_id, o.status
"""
RESERVED = "SELECT order_id, product_id, quantity, status FROM inventory_reservations"
#: What a reservation is while its order is that.
STATES = {
    "pending": "active",
    "paid": "active",
    "shipped": "confirmed",
    "delivered": "confirmed",
    "cancelled": "released",
}
#: Where each partition of the embedded log ends, and how far a service has heard it.
LOG_ENDS = """
    SELECT name, partition_number, next_offset FROM partitions JOIN topics ON topics.id = topic_id
"""
HEARD = "SELECT topic, partition_number, next_offset FROM consumer_offsets"
#: Statuses of orders whose units are put aside, and of those whose units have left.
WAITING = ("pending", "paid")
GONE = ("shipped", "delivered")


class Layout(Protocol):
    """A shop, however many processes it is."""

    shop: Shop

    def rows(self, service: str, sql: str) -> list[tuple[Any, ...]]: ...
    def verify(self) -> str: ...
    def is_quiet(self) -> bool: ...


class OneProcess:
    """All services in one process, on SQLite and the embedded log."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.transport = server.transport
        self.shop = Shop(server)

    def rows(self, service: str, sql: str) -> list[tuple[Any, ...]]:
        return query(file_of(self.server, service), sql)

    def verify(self) -> str:
        return self.server.run("inventory", "verify").stdout

    def is_quiet(self) -> bool:
        """All is told and heard: nobody has anything to write before somebody asks for it."""
        if self.rows("inventory", "SELECT 1 FROM inventory_items WHERE told_version < version"):
            return False
        if any(self.rows(each, "SELECT 1 FROM outbox LIMIT 1") for each in SERVICES):
            return False
        ends = set(self.rows("log", LOG_ENDS))
        return all(set(self.rows(each, HEARD)) <= ends for each in SERVICES)


def rows_at(database: MariaDb, schema: str, sql: str) -> list[tuple[Any, ...]]:
    """With numbers as numbers."""
    found = database.query(" ".join(sql.split()), schema)
    return [tuple(int(cell) if cell.isdigit() else cell for cell in row) for row in found]


@dataclass(frozen=True)
class Book:
    """One product at one moment."""

    product: int
    total: int
    reserved: int
    moved: int
    active: int
    confirmed: int
    held: int

    @property
    def available(self) -> int:
        return self.total - self.reserved

    def check(self) -> None:
        """What is true in every moment."""
        assert 0 <= self.reserved <= self.total, self
        assert self.total == self.moved, self
        assert self.reserved == self.held + self.active, self


def books_of(layout: Layout) -> dict[int, Book]:
    """Every product's, all of one moment."""
    found = {}
    for product, total, reserved, moved, active, confirmed, held in layout.rows(
        "inventory", SNAPSHOT
    ):
        lines = [line for lines in json.loads(f"[{held}]") for line in lines]
        units = sum(line["quantity"] for line in lines if line["productId"] == product)
        numbers = (int(cell) for cell in (total, reserved, moved, active, confirmed, units))
        found[product] = Book(product, *numbers)
    return found


def ordered(layout: Layout) -> dict[tuple[int, str], int]:
    """Units by product and by status of their orders, from the order service's own tables."""
    found = layout.rows("order", ORDERED)
    return {(product, status): int(units) for product, status, units in found}


def is_at_rest(layout: Layout, products: Set[int] | None = None) -> bool:
    """Whether inventory's books and the orders say the same, and nothing is held for nobody; of
    these products, or of all.
    """
    units = ordered(layout)
    for book in books_of(layout).values():
        if products is not None and book.product not in products:
            continue
        waiting = sum(units.get((book.product, status), 0) for status in WAITING)
        gone = sum(units.get((book.product, status), 0) for status in GONE)
        if (book.held, book.reserved, book.active, book.confirmed) != (0, waiting, waiting, gone):
            return False
    return all(layout.rows(each, "SELECT id FROM outbox LIMIT 1") == [] for each in SERVICES)


def check_each_order(layout: Layout, products: Set[int] | None = None) -> None:
    """Each line of an order has its own units put aside, sent or given back: sums would not show
    that two orders have each other's.
    """
    wanted = {
        (order, product): (quantity, status)
        for order, product, quantity, status in layout.rows("order", LINES)
    }
    found = {
        (order, product): (quantity, status)
        for order, product, quantity, status in layout.rows("inventory", RESERVED)
    }
    for (order, product), (quantity, status) in wanted.items():
        if products is not None and product not in products:
            continue
        expected = (quantity, STATES[status])
        here = found.get((order, product))
        # Of an order that came too late for its units there is none.
        is_right = here == expected or (status == "cancelled" and here is None)
        assert is_right, f"order {order}, product {product}: {here}, expected {expected}"
    of_nobody = {key for key in found if key not in wanted}
    if products is not None:
        of_nobody = {key for key in of_nobody if key[1] in products}
    assert of_nobody == set()


def check_at_rest(layout: Layout, products: Set[int] | None = None) -> dict[int, Book]:
    """Waits until all is told and heard; then the books add up, with the orders too, line by line,
    and no event was too much for anybody.
    """
    wait_until(
        lambda: is_at_rest(layout, products),
        "stock and orders say the same",
        REST_SECONDS_MAX,
        0.05,
    )
    for service in SERVICES:
        assert layout.rows(service, "SELECT * FROM dead_letters") == []
    check_each_order(layout, products)
    layout.verify()
    books = books_of(layout)
    for book in books.values():
        book.check()
    return books
