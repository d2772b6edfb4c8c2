"""A shop that ends at a fail point of the test's choice and starts again, and somebody who buys
there: scenes of suite 1 of reliability.md.
"""

import http.client
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lib import books, store
from lib.books import Book, Layout, OneProcess
from lib.buyers import Buyer, buyers, sign_up_in_file
from lib.http import Reply
from lib.server import INTERNAL_TOKEN_SECRET, Server
from lib.shop import Actor, Person
from lib.tokens import between_services
from lib.waiting import wait_until

#: How a process ends at its fail point.
FAILED = 86
STOCK = 1_000_000


class Company:
    """Whoever acts at a stage, whatever the shop there is made of."""

    layout: Layout
    people: list[Buyer]
    admin: Person

    def try_to(self, act: Callable[[], Reply]) -> Reply | None:
        try:
            return act()
        except (OSError, http.client.HTTPException):
            return None

    def insist(self, act: Callable[[], Reply]) -> Reply:
        """Until there is an answer that says yes or no."""

        def definite() -> Reply | None:
            reply = self.try_to(act)
            return reply if reply is not None and reply.status < 500 else None

        return wait_until(definite, "a definite answer")

    def book(self, product: dict[str, Any]) -> Book:
        return books.books_of(self.layout)[product["id"]]

    def status_of_order(self, buyer: Buyer) -> str:
        """Empty: the buyer has none. Two would be an error."""
        rows = self.layout.rows("order", f"SELECT status FROM orders WHERE user_id = {buyer.id}")
        assert len(rows) <= 1, rows
        return rows[0][0] if rows else ""

    def inventory(self) -> tuple[Actor, str]:
        """Who asks its internal routes, and the secret by which our services know each other."""
        raise NotImplementedError

    def change(self, service: str, sql: str) -> None:
        """Writes into a database; the statement must find one row."""
        raise NotImplementedError


@dataclass
class Stage(Company):
    """One shop that is killed again and again, and who acts there."""

    layout: OneProcess
    admin: Person
    people: list[Buyer]
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def server(self) -> Server:
        return self.layout.server

    def inventory(self) -> tuple[Actor, str]:
        return Actor(self.server), INTERNAL_TOKEN_SECRET

    def change(self, service: str, sql: str) -> None:
        store.change(self.server, service, sql)

    def as_ever(self) -> None:
        """Whatever the test before this one has left."""
        if self.server.running and self.settings:
            self.server.kill()
        if not self.server.running:
            self.start()

    def start(self, **settings: str) -> None:
        self.settings = settings
        for key in ("FAIL_POINT", "ORDER_PAYMENT_TTL_SECONDS", "INVENTORY_RESERVATION_TTL_SECONDS"):
            self.server.env.pop(key, None)
        self.server.env.update(settings)
        try:
            self.server.start()
        except AssertionError:
            # It was at its point before anybody could ask it for anything.
            if "FAIL_POINT" not in settings or self.server.process.returncode != FAILED:
                raise

    def ended(self) -> None:
        """It has ended at its point, and nowhere else."""
        wait_until(lambda: not self.server.running, "the point is reached")
        assert self.server.process is not None
        assert self.server.process.returncode == FAILED, self.server.log[-2000:]
        self.server.transport.forget_connections()

    def revive(self) -> bool:
        """Starts it as ever if it has ended at its point; whether it had."""
        if self.server.running:
            return False
        self.ended()
        self.start()
        return True

    def carry_through(self, act: Callable[[], Reply] | None) -> Reply:
        """Insists, through the end of the process, too."""
        assert act is not None

        def definite() -> Reply | None:
            reply = None if self.revive() else self.try_to(act)
            return reply if reply is not None and reply.status < 500 else None

        return wait_until(definite, "a definite answer")


def open_stage(server: Server, people_count: int) -> Stage:
    """On a server that was not started yet. All the people are known when it returns."""
    server.env["INTERNAL_TOKEN_SECRET"] = INTERNAL_TOKEN_SECRET
    layout = OneProcess(server.start())
    admin = layout.shop.as_admin()
    people = buyers(server, people_count)
    server.stop()
    sign_up_in_file(server, people)
    server.start()
    wait_until(
        lambda: all(
            layout.rows(each, "SELECT COUNT(*) FROM accounts")[0][0] > len(people)
            for each in ("cart", "order")
        ),
        "everybody is known",
    )
    return Stage(layout, admin, people)


class Scene:
    """One buyer and one product of a stage, and what is done with them."""

    def __init__(self, stage: Company) -> None:
        self.stage = stage
        self.buyer = stage.people.pop()
        self.product = stage.layout.shop.stocked(
            stage.layout.shop.product(stockQuantity=STOCK)
        )
        self.order: dict[str, Any] = {}
        self.placement = str(uuid.uuid4())

    def fill_cart(self) -> None:
        self.buyer.post("/carts/me/items", {"productId": self.product["id"]}).expect(201)

    def ask_for_order(self) -> Reply:
        wanted, key = {"productId": self.product["id"]}, f"order-of-{self.buyer.id}"
        return self.buyer.post("/orders/me", wanted, headers={"Idempotency-Key": key})

    def place(self) -> None:
        self.fill_cart()
        self.order = self.ask_for_order().expect(201)
        books.check_at_rest(self.stage.layout, {self.product["id"]})

    def cancel(self) -> Reply:
        return self.buyer.patch(f"/orders/{self.order['id']}/cancel")

    def become(self, status: str) -> Reply:
        return self.stage.admin.patch(f"/orders/{self.order['id']}/status", {"status": status})

    def hold(self) -> None:
        wanted = {
            "lines": [{"productId": self.product["id"], "quantity": 1}],
            "holdSeconds": 900,
        }
        anybody, secret = self.stage.inventory()
        token = {"X-Internal-Token": between_services("inventory", secret)}
        anybody.put(
            f"/internal/holds/{self.placement}", wanted, headers=token, service="inventory"
        ).expect(201)

    def let_time_pass(self, doing: str) -> None:
        """What ends by itself is over, as soon as somebody looks."""
        if doing == "expire":
            due = f"UPDATE orders SET expires_at = 1 WHERE user_id = {self.buyer.id}"
            self.stage.change("order", due)
        if doing == "lapse":
            over = f"UPDATE holds SET held_until = 1 WHERE placement_id = '{self.placement}'"
            self.stage.change("inventory", over)

    def seen(self) -> tuple[int, int, int, str]:
        book = self.stage.book(self.product)
        book.check()
        status = self.stage.status_of_order(self.buyer)
        return book.held, book.active, book.confirmed, status

    # What is so before the process is started with its point, what is done then, and what is done
    # again when it is back.

    def prepare(self, doing: str) -> None:
        self.set_up(doing)
        wait_until(self.stage.layout.is_quiet, "nobody has anything else to write")

    def set_up(self, doing: str) -> None:
        if doing == "place":
            self.fill_cart()
        elif doing == "lapse":
            self.hold()
        else:
            self.place()
            if doing == "ship":
                self.become("paid").expect(200)

    def do(self, doing: str) -> Callable[[], Reply] | None:
        """Nothing: it happens by itself."""
        acts = {"place": self.ask_for_order, "cancel": self.cancel}
        return (lambda: self.become("shipped")) if doing == "ship" else acts.get(doing)
