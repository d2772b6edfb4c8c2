"""Mixed load whose every answer is written down, so that afterwards nothing has to be believed.

A write whose answer never came is *unknown*: it is asked again with the same key until the answer
is definite.
"""

import http.client
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.http import ANSWER_SECONDS_MAX, JSON_TYPE, Reply, encode, exchange
from lib.server import Server
from lib.shop import PASSWORD, Actor, Person, fresh_email
from lib.waiting import wait_until

#: What a definite answer of a keyed write may be.
DEFINITE = (200, 201, 400, 404, 409)


@dataclass
class Write:
    """One write with its key, and its answer when there was one."""

    person: Person
    path: str
    body: Mapping[str, Any]
    key: str
    reply: Reply | None = None

    def send(self) -> Reply:
        return self.person.post(self.path, dict(self.body), headers={"Idempotency-Key": self.key})

    @property
    def done(self) -> bool:
        return self.reply is not None and self.reply.status == 201


@dataclass
class SignUp:
    """One sign-up, and its answer when there was one."""

    email: str
    reply: Reply | None = None


@dataclass
class Record:
    """Everything the load did. Lists are only appended to, so threads need no lock."""

    writes: list[Write] = field(default_factory=list)
    sign_ups: list[SignUp] = field(default_factory=list)
    reads: list[Reply] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Asks again, with the same key, for every write whose answer never came."""
        for write in self.writes:
            if write.reply is None:
                write.reply = wait_until(
                    lambda w=write: _definite(w.send()), f"a definite answer for {write.path}"
                )

    def made(self, path: str) -> list[Write]:
        return [write for write in self.writes if write.path == path and write.done]


def _definite(reply: Reply) -> Reply | None:
    assert reply.status in (*DEFINITE, 503), reply
    return reply if reply.status in DEFINITE else None


class Buyer(threading.Thread):
    """One customer who adds, orders, browses and now and then signs somebody else up, until told or
    cut off.
    """

    def __init__(
        self,
        person: Person,
        product_ids: list[int],
        record: Record,
        over: threading.Event,
        number: int,
    ) -> None:
        super().__init__(daemon=True)
        self.person, self.product_ids, self.record, self.over = person, product_ids, record, over
        self.random = random.Random(number)
        self.number = number
        self.count = 0

    def run(self) -> None:
        while not self.over.is_set():
            self.count += 1
            try:
                self._step()
            except (OSError, http.client.HTTPException) as problem:
                self.record.cut_off.append(f"{type(problem).__name__} in step {self.count}")
                return

    def _step(self) -> None:
        product_id = self.random.choice(self.product_ids)
        chance = self.random.random()
        if chance < 0.40:
            self._write(
                "/carts/me/items", {"productId": product_id, "quantity": self.random.randint(1, 3)}
            )
        elif chance < 0.75:
            self._write("/orders/me", {"productId": product_id, "quantity": 1})
        elif chance < 0.85:
            self._write("/orders/me/checkout", {})
        elif chance < 0.97:
            self.record.reads.append(self.person.get("/orders/me"))
        else:
            self._sign_up()

    def _write(self, path: str, body: Mapping[str, Any]) -> None:
        key = f"{self.number}-{self.random.getrandbits(64):x}"
        write = Write(self.person, path, body, key)
        self.record.writes.append(write)
        write.reply = write.send()

    def _sign_up(self) -> None:
        attempt = SignUp(fresh_email("load"))
        self.record.sign_ups.append(attempt)
        wanted = {"name": "L", "email": attempt.email, "password": PASSWORD}
        attempt.reply = Actor(self.person.server).post("/auth/signup", wanted)


def one_shot(
    server: Server,
    service: str,
    method: str,
    target: str,
    token: str | None = None,
    body: Any = None,
) -> Reply:
    """One request on a connection of its own, closed by the answer: nothing is kept, nothing
    reused.
    """
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.ports[service], timeout=ANSWER_SECONDS_MAX
    )
    pairs = [("Connection", "close")]
    if token:
        pairs.append(("Authorization", f"Bearer {token}"))
    if body is not None:
        pairs.append(("Content-Type", JSON_TYPE))
    try:
        return exchange(connection, method, target, pairs, None if body is None else encode(body))
    finally:
        connection.close()
