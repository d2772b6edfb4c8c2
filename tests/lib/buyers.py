"""Buyers by the thousand. A sign-up hashes a password, slowly on purpose; these have none. They are
written into the user service's database as if they had signed up, the shop hears of them as it
hears of any account, and their tokens are signed with the tests' own key.
"""

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import confluent_kafka as confluent

from lib import store
from lib.foreign_user_service import Account, user_created
from lib.parallel import spread
from lib.server import Server
from lib.shop import Actor
from lib.tokens import sign

#: Above the numbers of everybody who signs up in the same shop before them.
FIRST = 1_001
TOKEN_SECONDS = 3_600
#: What the user service's row and the token must both say.
SESSION = "1.0123456789abcdef0123456789abcdef"
USERS = """
    INSERT INTO users (id, name, name_key, email, email_key, role, status, session_epoch, pwdv,
                       version, created_at, updated_at)
    VALUES
"""
#: Rows in one statement.
AT_ONCE = 200
TO_OUTBOX = """
    INSERT INTO outbox (topic, message_key, aggregate_version, event_type, event_version, producer,
                        traceparent, value)
    VALUES ('user-events', ?, NULL, 'USER_CREATED', 1, 'user-service', '', ?)
"""


class Buyer(Actor):
    """Somebody with an account and a token, and no password."""

    def __init__(self, server: Any, number: int) -> None:
        self.id = number
        self.account = Account(number, f"Buyer {number}", f"buyer{number}@example.com")
        now = int(time.time())
        claims = {"id": number, "role": "user", "pwdv": SESSION, "jti": str(uuid.uuid4())}
        of_ours = {"iss": "microcommerce", "aud": "microcommerce"}
        until = {"iat": now, "exp": now + TOKEN_SECONDS}
        super().__init__(server, sign({**claims, **until, **of_ours}))

    @property
    def row(self) -> str:
        """Of the table users; the account is older than the token."""
        name, email, at = self.account.name, self.account.email, int(time.time() - 60) * 1000
        return (
            f"({self.id}, '{name}', '{name.lower()}', '{email}', '{email}', 'user', 'active', 1,"
            f" '{SESSION}', 1, {at}, {at})"
        )

    @property
    def created(self) -> dict[str, Any]:
        """USER_CREATED, as a record for a producer."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S.021Z", time.gmtime(time.time() - 60))
        return user_created(self.account, at=at)


def buyers(server: Any, count: int, first: int = FIRST) -> list[Buyer]:
    """To be signed up by one of the two functions below."""
    return [Buyer(server, number) for number in range(first, first + count)]


def _insertions(who: Sequence[Buyer]) -> Iterable[str]:
    for at in range(0, len(who), AT_ONCE):
        yield f"{USERS} {', '.join(buyer.row for buyer in who[at : at + AT_ONCE])}"


def sign_up_in_file(server: Server, who: Sequence[Buyer]) -> None:
    """Into the SQLite file of the user service, whose process is away: it looks into its outbox by
    itself only when it starts.
    """
    assert not server.running
    connection = sqlite3.connect(store.file_of(server, "user"))
    try:
        with connection:
            for sql in _insertions(who):
                connection.execute(sql)
            told = [(b.created["key"].decode(), b.created["value"].decode()) for b in who]
            connection.executemany(TO_OUTBOX, told)
    finally:
        connection.close()


def sign_up_at_server(
    query: Callable[[str], Any], brokers: str, topic: str, who: Sequence[Buyer]
) -> None:
    """By statements at a database server, and told to a Kafka."""
    for sql in _insertions(who):
        query(" ".join(sql.split()))
    producer = confluent.Producer({"bootstrap.servers": brokers})
    for buyer in who:
        producer.produce(topic, **buyer.created)
    assert producer.flush(60) == 0


def fill_carts(who: Iterable[Buyer], product: dict[str, Any], threads: int = 32) -> None:
    """One unit into the cart of each."""
    one = {"productId": product["id"], "quantity": 1}
    for reply in spread(threads, who, lambda buyer: buyer.post("/carts/me/items", one)):
        reply.expect(201)
