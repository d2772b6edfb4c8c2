"""design.md §4: an event is never lost, and takes effect once: through kill -9, a late start and
poison.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest

from conftest import NewServer
from lib import events, stopped_log, store
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
        again = events.of_type(own, "USER_CREATED", person.id)
        assert {row.id for row in again} == {event.id}, "sent again it is the same event"
        person.log_in()
        assert person.cart()["userId"] == person.id
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
    wait_until(lambda: person.post("/carts/me/items", {}).status == 403, "the last role counts")
    own.kill()
    own.restart()
    wait_until(lambda: person.post("/carts/me/items", {}).status == 403, "still so")


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


def poisoned(server: Server, values: list[bytes], key: str | None = None) -> Person:
    """Puts values into the partition of somebody's sign-up, then starts the server again."""
    person = Shop(server).sign_up()
    event = events.wait_for(server, "USER_CREATED", person.id)
    server.stop()
    for number, value in enumerate(values):
        stopped_log.append(server, event.topic, event.partition, key or f"poison-{number}", value)
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
    for service in ("cart", "order"):
        keys = {row["key"] for row in rows if row["service"] == service}
        lost = [name for n, (name, _) in enumerate(POISON) if f"poison-{n}" not in keys]
        assert not lost, f"{service} neither took these in nor kept them: {lost}"
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
    wait_until(lambda: quantities(person) == [3], "the cart has heard")
    own.stop()
    for _ in range(3):
        stopped_log.append(own, event.topic, event.partition, event.key, event.value.encode())
    own.start()
    second = person.order(product, 1)
    later = events.wait_for(own, "ORDER_CREATED", second["id"])
    wait_until(lambda: heard(own, "cart", later.id), "the cart has heard what came after")
    assert quantities(person) == [2]


def kept(server: Server) -> set[tuple[str, str]]:
    return {(row["service"], str(row["id"])) for row in events.dead(server)}


def test_dead_letters_are_replayed_in_vain_and_dropped_for_good(own: Server) -> None:
    shop = Shop(own)
    shop.as_admin()
    person = poisoned(own, [b"null"])
    shop.as_admin().put(f"/users/{person.id}", {"role": "supplier"}).expect(200)
    update = events.wait_for(own, "USER_UPDATED", person.id)
    wait_until(lambda: heard(own, "cart", update.id), "later events of the same user are taken in")
    row = wait_until(lambda: [r for r in events.dead(own) if r["service"] == "cart"], "it is kept")[
        0
    ]
    place = (row["service"], str(row["id"]))
    replayed = own.run("events", "dead", "replay", *place, check=False)
    assert replayed.returncode == 1
    assert f"dead letter {place[1]} failed again: " in replayed.stderr
    assert place in kept(own), "a replay does not make poison good"
    dropped = own.run("events", "dead", "drop", *place)
    assert dropped.stdout == f"dead letter {place[1]} is dropped\n"
    assert place not in kept(own)
    for command in ("replay", "drop"):
        done = own.run("events", "dead", command, *place, check=False)
        assert done.returncode != 0 and done.stderr, (
            "what is not there cannot be replayed or dropped"
        )


def test_the_doctor_names_dead_letters_and_what_to_do(own: Server) -> None:
    poisoned(own, [b"null"])
    wait_until(lambda: any(s == "cart" for s, _ in kept(own)), "it is kept", every=0.1)
    for running in (True, False):
        if not running:
            own.stop()
        done = own.run("doctor", check=False)
        assert done.returncode == 1
        assert "cart could not take in 1 of them" in done.stdout
        assert "microcommerce events dead list --service cart" in done.stdout
        assert "user could not" not in done.stdout


def test_each_unreadable_record_has_its_own_line_in_the_log(own: Server) -> None:
    poisoned(own, [b"null", b'{"eventId":"x"}'])
    rows = wait_until(
        lambda: [row for row in events.dead(own) if row["service"] == "cart"][:2],
        "both are kept",
        every=0.1,
    )

    def told() -> list[str]:
        log = own.log.splitlines()
        return [line for line in log if "event_unreadable" in line and "cart" in line]

    # The log is written a moment after what it tells of.
    wait_until(lambda: len(told()) >= 2, "both are in the log")
    lines = told()
    assert len(rows) == 2 and len(lines) == 2, lines
    offsets = set()
    for row, line in zip(rows, lines, strict=True):
        assert row["reason"] in line and row["topic"] in line
        offsets.add(re.search(r"offset\W+(\d+)", line)[1])
    assert len(offsets) == 2


@pytest.mark.parametrize("running", [True, False], ids=["beside the server", "by itself"])
def test_a_projection_that_lost_rows_is_rebuilt_from_the_log(own: Server, running: bool) -> None:
    shop = Shop(own)
    people = [shop.sign_up() for _ in range(5)]
    for person in people:
        created = events.wait_for(own, "USER_CREATED", person.id)
        wait_until(lambda e=created: heard(own, "cart", e.id), "the cart service has heard of all")
    own.stop()
    cart = store.file_of(own, "cart")
    before = store.query(cart, "SELECT * FROM accounts ORDER BY user_id")
    carts = store.count(cart, "carts")
    with sqlite3.connect(cart) as connection:
        connection.execute("DELETE FROM accounts WHERE user_id >= ?", (people[2].id,))
    connection.close()
    assert store.count(cart, "accounts") < len(before)
    if running:
        own.start()
    done = own.run("events", "rebuild", "cart")
    assert re.fullmatch(r"[1-9]\d* events went through the projections of cart\n", done.stdout)
    assert store.query(cart, "SELECT * FROM accounts ORDER BY user_id") == before
    assert store.count(cart, "carts") == carts, "reactions are not done again"


def test_what_cannot_be_rebuilt_is_said(own: Server) -> None:
    for service, why in (("user", "no projections"), ("nope", "user, product, cart, order")):
        done = own.run("events", "rebuild", service, check=False)
        assert done.returncode == 1 and why in done.stderr


def test_a_topic_that_is_none_is_refused_with_those_there_are(own: Server) -> None:
    own.run("events", "list", "--topic", "user-events")
    done = own.run("events", "list", "--topic", "nope", check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert 'no topic "nope"; there are user-events, product-events, order-events' in done.stderr
    done = own.run("events", "dead", "list", "--service", "nope", check=False)
    assert done.returncode == 1 and 'no service "nope"' in done.stderr
