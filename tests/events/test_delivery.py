"""design.md §4: an event is never lost, and takes effect once: through kill -9, a late start and
poison.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator

import pytest

from conftest import NewServer
from lib import events, store
from lib.server import Server
from lib.shop import Person, Shop
from lib.waiting import wait_until


@pytest.fixture
def own(new_server: NewServer) -> Iterator[Server]:
    yield new_server().start()


def heard(server: Server, service: str, event_id: str) -> bool:
    """Whether a service has taken an event in: its id stands in the service's inbox."""
    return any(
        place.startswith("inbox.")
        for place in store.places_of(store.file_of(server, service), event_id)
    )


def quantities(person: Person) -> list[int]:
    return [item["quantity"] for item in person.cart()["items"]]


def test_a_sign_up_that_was_answered_reaches_every_service_though_the_process_is_killed_at_once(
    own: Server, size: Callable[[int, int], int]
) -> None:
    shop, people = Shop(own), []
    for _ in range(size(4, 40)):
        people.append(shop.sign_up())
        own.kill()
        own.restart()
    for person in people:
        event = events.wait_for(own, "USER_CREATED", person.id)
        for service in ("cart", "order"):
            wait_until(
                lambda s=service, e=event.id: heard(own, s, e),
                f"USER_CREATED of {person.id} in {service}",
            )
        assert len(events.of_type(own, "USER_CREATED", person.id)) == 1, "published once"
        person.log_in()
        assert person.cart()["userId"] == person.id
    rows = events.listed(own)
    assert len({event.id for event in rows}) == len(rows)
    store.check_sound(own)


def test_an_order_takes_its_units_from_the_cart_once_though_the_process_is_killed_at_once(
    own: Server, size: Callable[[int, int], int]
) -> None:
    shop = Shop(own)
    person, product = shop.user(), shop.product(stockQuantity=1000)
    rounds = size(5, 40)
    person.add(product, 2 * rounds)
    for number in range(rounds):
        person.order(product, 1)
        own.kill()
        own.restart()
        expected = 2 * rounds - number - 1
        wait_until(lambda left=expected: quantities(person) == [left], f"{expected} units are left")
    assert person.get("/orders/me").expect(200)["count"] == rounds
    own.stop()
    own.start()
    assert quantities(person) == [rounds], "a restart takes nothing twice"
    assert store.waiting_in_outboxes(own) == 0


def test_outboxes_run_empty(own: Server) -> None:
    shop = Shop(own)
    shop.user().buy(shop.product())
    wait_until(lambda: store.waiting_in_outboxes(own) == 0, "every outbox is empty")


def test_a_service_that_starts_late_hears_everything_from_the_beginning(
    new_server: NewServer,
) -> None:
    server = new_server(services=["user"]).start()
    people = [Shop(server).sign_up() for _ in range(3)]
    ids = [events.wait_for(server, "USER_CREATED", person.id).id for person in people]
    server.stop()
    server.services = ()
    server.start()
    for service in ("cart", "order"):
        for event_id in ids:
            wait_until(
                lambda s=service, e=event_id: heard(server, s, e),
                f"{service} hears what was before it",
            )


def test_a_projection_follows_the_newest_version(own: Server) -> None:
    shop = Shop(own)
    admin, person = shop.as_admin(), shop.user()
    for role in ("supplier", "user", "supplier", "admin", "user", "supplier"):
        admin.put(f"/users/{person.id}", {"role": role}).expect(200)
    wait_until(lambda: person.post("/carts/me/items", {}).status == 403, "the last role counts", 2)
    own.kill()
    own.restart()
    assert person.post("/carts/me/items", {}).status == 403


# --- poison ---------------------------------------------------------------------------------------


def envelope(number: int, data: str, **members: str) -> bytes:
    """An event of the user service whose members are the given JSON texts."""
    wanted = {
        "eventId": f'"00000000-0000-4000-8000-{number:012}"',
        "eventType": '"USER_CREATED"',
        "eventVersion": "1",
        "occurredAt": '"2026-01-01T00:00:00.000Z"',
        "producer": '"user-service"',
        **members,
        "data": data,
    }
    return (
        "{" + ",".join(f'"{name}":{text}' for name, text in wanted.items() if text) + "}"
    ).encode()


USER = '{"id":%d,"name":"X","email":"x@x.example","role":"user","accountStatus":"active"}'
POISON = [
    ("JSON null", b"null"),
    ("not JSON", b"{broken"),
    ("empty", b""),
    ("an array", b"[]"),
    ("invalid UTF-8", b'{"eventId":"\xff\xfe"}'),
    ("no data", envelope(1, "")),
    ("an impossible id", envelope(2, '{"id":"x"}')),
    ("an impossible time", envelope(3, USER % 1_000_001, occurredAt='"yesterday"')),
    ("an unknown version", envelope(4, USER % 1_000_002, eventVersion="99")),
    ("very deep", b"[" * 5_000),
    ("very long", b'{"pad":"' + b"x" * 900_000 + b'"}'),
]
UNKNOWN_TYPE = envelope(5, "{}", eventType='"USER_SNEEZED"')


class StoppedLog:
    """The embedded log as a file, while nothing runs: the only way to put into it what no service
    of ours would.
    """

    def __init__(self, server: Server) -> None:
        assert not server.running
        self.path = store.file_of(server, "log")
        wanted = {"topic", "partition", "offset", "key", "value"}
        self.table = next(
            name
            for name in store.tables(self.path)
            if wanted
            <= {
                row[1].strip("_").replace("log_", "")
                for row in store.query(self.path, f'PRAGMA table_info("{name}")')
            }
        )

    def append_like(self, pattern: events.Event, values: list[bytes]) -> None:
        """Copies of one event with other values, behind the last event of its partition."""
        with sqlite3.connect(self.path) as connection:
            connection.row_factory = sqlite3.Row
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{self.table}")')]
            name = {column.strip("_").replace("log_", ""): column for column in columns}
            where = f'"{name["topic"]}" = ? AND "{name["partition"]}" = ?'
            place = (pattern.topic, pattern.partition)
            order = f'ORDER BY "{name["offset"]}"'
            rows = connection.execute(
                f'SELECT * FROM "{self.table}" WHERE {where} {order}', place
            ).fetchall()
            model = next(row for row in rows if row[name["offset"]] == pattern.offset)
            following = rows[-1][name["offset"]] + 1
            for number, value in enumerate(values):
                as_stored = (
                    value
                    if isinstance(model[name["value"]], bytes)
                    else value.decode("utf-8", "surrogateescape")
                )
                changed = {
                    **dict(model),
                    name["offset"]: following + number,
                    name["value"]: as_stored,
                }
                marks = ",".join("?" * len(columns))
                quoted = ",".join(f'"{column}"' for column in columns)
                connection.execute(
                    f'INSERT INTO "{self.table}" ({quoted}) VALUES ({marks})',
                    [changed[c] for c in columns],
                )
        connection.close()


def poisoned(server: Server, values: list[bytes]) -> Person:
    """Puts values behind the sign-up of somebody, then starts the server again."""
    shop = Shop(server)
    person = shop.sign_up()
    event = events.wait_for(server, "USER_CREATED", person.id)
    server.stop()
    StoppedLog(server).append_like(event, values)
    server.start()
    return person


def all_hear(server: Server, count: int = 12) -> None:
    """New users of every partition are heard of."""
    shop = Shop(server)
    for person in [shop.sign_up() for _ in range(count)]:
        event = events.wait_for(server, "USER_CREATED", person.id)
        for service in ("cart", "order"):
            wait_until(
                lambda s=service, e=event.id: heard(server, s, e),
                f"{service} hears of new users behind the poison",
            )


def test_poison_goes_to_the_dead_letters_and_stops_nobody(own: Server) -> None:
    poisoned(own, [value for _, value in POISON])
    all_hear(own)
    rows = wait_until(lambda: events.dead(own), "dead letters", every=0.1)
    text = json.dumps(rows)
    assert "cart" in text and "order" in text
    own.stop()
    store.check_sound(own)


def test_an_unknown_type_is_passed_over(own: Server) -> None:
    poisoned(own, [UNKNOWN_TYPE])
    all_hear(own, 6)
    assert events.dead(own) == []


def test_an_event_that_comes_twice_has_one_effect(own: Server) -> None:
    shop = Shop(own)
    person, product = shop.user(), shop.product(stockQuantity=100)
    person.add(product, 5)
    order = person.order(product, 2)
    event = events.wait_for(own, "ORDER_CREATED", order["id"])
    wait_until(lambda: person.cart()["items"][0]["quantity"] == 3, "the cart has heard")
    own.stop()
    StoppedLog(own).append_like(event, [event.value.encode()] * 3)
    own.start()
    second = person.order(product, 1)
    later = events.wait_for(own, "ORDER_CREATED", second["id"])
    wait_until(lambda: heard(own, "cart", later.id), "the cart has heard what came after")
    assert quantities(person) == [2]


def test_dead_letters_can_be_replayed_and_dropped(own: Server) -> None:
    poisoned(own, [b"null"])
    rows = wait_until(lambda: events.dead(own), "dead letters", every=0.1)
    assert own.run("events", "dead", "replay", check=False).returncode in (0, 1, 2)
    help_text = own.run("events", "dead", "drop", "--help").stdout
    assert help_text and rows
    wait_until(
        lambda: events.dead(own), "what is poison still lies there after a replay", every=0.1
    )
