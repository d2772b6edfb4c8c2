"""Customers who do not give up: what is not answered, or by "not now", is asked again, with the
same key and at the other copy of the shop, until the answer is definite. Everything is written
down.
"""

import http.client
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lib.fleet import Fleet
from lib.http import Reply
from lib.shop import PASSWORD, Actor, Person, fresh_email

#: Ask again later: a neighbour, the database or the process is away.
NOT_NOW = (502, 503, 504)
#: What is asked for with an Idempotency-Key.
KEYED = ("add", "order")
#: How long a customer insists, in seconds.
PATIENCE_SECONDS = 180.0
#: Between two tries, in seconds.
BREATH_SECONDS = 0.05
#: Between two deeds, on average, while somebody catches up.
EASE_SECONDS = 2.0


@dataclass
class Deed:
    """Something that one customer wanted, every trouble met on the way, and the definite answer."""

    person: Person
    kind: str
    method: str
    path: str
    body: Mapping[str, Any] | None
    key: str | None
    began: float
    troubles: list[str] = field(default_factory=list)
    reply: Reply | None = None
    ended: float = 0.0

    @property
    def done(self) -> bool:
        return self.reply is not None and self.reply.status < 300

    @property
    def json(self) -> Any:
        assert self.reply is not None
        return self.reply.json

    def answers(self, status: int, or_again: int | None = None) -> None:
        """`or_again` is what is said when an earlier try had done it and its answer never came."""
        assert self.reply is not None
        self.reply.expect(status, *([or_again] if or_again and self.troubles else []))

    def send(self, at: Any) -> Reply:
        actor = Actor(at, self.person.token if self.kind != "sign_up" else None)
        headers = {"Idempotency-Key": self.key} if self.key else {}
        json = ... if self.body is None else dict(self.body)
        return actor.send(self.method, self.path, json, headers=headers)


class Record:
    """Everything the load did. Lists are only appended to, so threads need no lock."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.troubles: list[tuple[float, str]] = []
        self.problems: list[str] = []
        self.acknowledged: list[float] = []

    def of(self, kind: str) -> list[Deed]:
        return [deed for deed in self.deeds if deed.kind == kind and deed.done]

    def acknowledged_since(self, moment: float) -> int:
        return sum(1 for at in reversed(self.acknowledged) if at >= moment)

    def troubles_since(self, moment: float) -> int:
        return sum(1 for at, _ in reversed(self.troubles) if at >= moment)

    def longest_silence(self) -> float:
        """The longest time without any acknowledged write, in seconds."""
        moments = sorted(self.acknowledged)
        return max((b - a for a, b in zip(moments, moments[1:], strict=False)), default=0.0)


class Shopper(threading.Thread):
    """One customer with a load of her own, until told that it is over. Then she finishes what she
    has begun, so when the thread has ended nothing is unknown.
    """

    def __init__(
        self,
        fleet: Fleet,
        person: Person,
        products: list[int],
        record: Record,
        over: threading.Event,
        seed: int,
        pause_seconds: float,
    ) -> None:
        super().__init__(daemon=True)
        self.fleet, self.person, self.products = fleet, person, products
        self.record, self.over, self.pause_seconds = record, over, pause_seconds
        self.random = random.Random(seed)
        self.copy = 0
        self.pending: list[int] = []
        self.names = 0

    def run(self) -> None:
        try:
            while not self.over.wait(self.random.uniform(0, 2 * self.pause_seconds)):
                self._step()
        except BaseException as problem:  # Told by the main thread.
            self.record.problems.append(f"{type(problem).__name__}: {problem}")

    def _step(self) -> None:
        product = self.random.choice(self.products)
        chance = self.random.random()
        if chance < 0.40:
            wanted = {"productId": product, "quantity": self.random.randint(1, 3)}
            self._do("add", "POST", "/carts/me/items", wanted)
        elif chance < 0.72:
            self._order("/orders/me", {"productId": product, "quantity": 1})
        elif chance < 0.80:
            self._order("/orders/me/checkout", {})
        elif chance < 0.90:
            self._cancel()
        elif chance < 0.95:
            self.names += 1
            wanted = {"name": f"Name {self.names}"}
            self._do("rename", "PUT", f"/users/{self.person.id}", wanted).answers(200)
        elif chance < 0.97:
            wanted = {"name": "L", "email": fresh_email("load"), "password": PASSWORD}
            self._do("sign_up", "POST", "/auth/signup", wanted).answers(201, or_again=409)
        else:
            self._do("look", "GET", "/orders/me", None).answers(200)

    def _order(self, path: str, wanted: dict[str, Any]) -> None:
        deed = self._do("order", "POST", path, wanted)
        if deed.done:
            self.pending.append(deed.json["id"])

    def _cancel(self) -> None:
        if self.pending:
            number = self.pending.pop(self.random.randrange(len(self.pending)))
            cancelled = self._do("cancel", "PATCH", f"/orders/{number}/cancel", None)
            cancelled.answers(200, or_again=400)

    def _do(self, kind: str, method: str, path: str, body: Mapping[str, Any] | None) -> Deed:
        key = f"{self.person.id}-{self.random.getrandbits(64):x}" if kind in KEYED else None
        deed = Deed(self.person, kind, method, path, body, key, time.monotonic())
        self.record.deeds.append(deed)
        self.copy = self.random.randrange(2)
        while (reply := self._try(deed)) is None:
            assert time.monotonic() - deed.began < PATIENCE_SECONDS, deed
            time.sleep(BREATH_SECONDS)
        deed.reply, deed.ended = reply, time.monotonic()
        assert reply.status < 500, deed
        if deed.done and method != "GET":
            self.record.acknowledged.append(deed.ended)
        return deed

    def _try(self, deed: Deed) -> Reply | None:
        """The definite answer; nothing when there was none, and then the other copy is next."""
        try:
            reply = deed.send(self.fleet.entries[self.copy])
            trouble = reply.text if reply.status in NOT_NOW else None
        except (OSError, http.client.HTTPException) as problem:
            reply, trouble = None, type(problem).__name__
        if trouble is None:
            return reply
        deed.troubles.append(trouble)
        self.record.troubles.append((time.monotonic(), f"{deed.kind}: {trouble}"))
        self.copy = 1 - self.copy
        return None


class Crowd:
    """Shoppers at work: `with Crowd(…) as crowd:`; after the block all of them have ended."""

    def __init__(self, fleet: Fleet, count: int, seed: int, pause_seconds: float = 0.015) -> None:
        self.fleet, self.record, self.over = fleet, Record(), threading.Event()
        shop = fleet.shop
        self.products = [
            shop.product(price=f"{n}.{n}9", stockQuantity=4_000_000_000)["id"] for n in (1, 2, 3)
        ]
        self.people = [shop.user(f"Shopper {n}") for n in range(count)]
        self.shoppers = [
            Shopper(fleet, person, self.products, self.record, self.over, seed + n, pause_seconds)
            for n, person in enumerate(self.people)
        ]

    def __enter__(self) -> "Crowd":
        for shopper in self.shoppers:
            shopper.start()
        return self

    @contextmanager
    def at_ease(self) -> Iterator[None]:
        """Meanwhile they take their time, so that a server that is behind can catch up: on a slow
        machine none follows what the others write without a pause.
        """
        hasty = [shopper.pause_seconds for shopper in self.shoppers]
        for shopper in self.shoppers:
            shopper.pause_seconds = EASE_SECONDS
        try:
            yield
        finally:
            for shopper, pause_seconds in zip(self.shoppers, hasty, strict=True):
                shopper.pause_seconds = pause_seconds

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        self.over.set()
        for shopper in self.shoppers:
            shopper.join(PATIENCE_SECONDS + 20)
        if kind is None:
            assert not any(shopper.is_alive() for shopper in self.shoppers)
            assert not self.record.problems, self.record.problems
