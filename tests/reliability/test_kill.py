"""reliability.md suite 2: kill -9 under mixed load, then every promise is checked against the files
and the answers.
"""

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from conftest import NewServer
from lib import events, store
from lib.load import Buyer, Record
from lib.server import Server
from lib.shop import PASSWORD, Person, Shop, login
from lib.waiting import wait_until

BUYERS = 6


def run_until_killed(
    server: Server, people: list[Person], products: list[int], record: Record, cycle: int
) -> None:
    """Load, then kill -9 in the middle of it. The kill must have cut somebody off, or it proves
    nothing.
    """
    over = threading.Event()
    before, cut = len(record.writes), len(record.cut_off)
    buyers = [
        Buyer(person, products, record, over, cycle * 100 + n) for n, person in enumerate(people)
    ]
    for buyer in buyers:
        buyer.start()
    wait_until(
        lambda: len(record.writes) - before >= 60 + 17 * (cycle % 12), "the load is under way"
    )
    server.kill()
    for buyer in buyers:
        buyer.join(120)
    over.set()
    assert len(record.cut_off) - cut == len(people), "the kill came in the middle of the load"


def orders_of(person: Person) -> list[dict]:
    first = person.get("/orders/me?page=1&pageSize=100").expect(200)
    rows = list(first["orders"])
    for page in range(2, first["totalPages"] + 1):
        rows += person.get(f"/orders/me?page={page}&pageSize=100").expect(200)["orders"]
    return rows


def units(lines: list[dict]) -> Counter[int]:
    found: Counter[int] = Counter()
    for line in lines:
        found[line["productId"]] += line["quantity"]
    return found


def check_orders(person: Person, record: Record) -> list[dict]:
    """I4, I5, I6: one key one order, the same bytes again, totals that add up, nothing missing and
    nothing more.
    """
    mine = [write for write in record.writes if write.person is person]
    made = [write for write in mine if write.done and write.path.startswith("/orders/me")]
    stored = {order["id"]: order for order in orders_of(person)}
    answered = {write.reply.json["id"] for write in made}
    assert len(answered) == len(made), "two keys never share an order"
    assert set(stored) == answered, (
        f"missing {answered - set(stored)}, nobody asked for {set(stored) - answered}"
    )
    for write in made:
        assert stored[write.reply.json["id"]]["items"] == write.reply.json["items"]
    for order in stored.values():
        lines = sum(Decimal(str(item["unitPrice"])) * item["quantity"] for item in order["items"])
        assert lines == Decimal(str(order["totalAmount"])), order
    for write in made[-3:]:
        again = write.send()
        assert again.body == write.reply.body and again.headers["Idempotency-Replayed"] == "true"
    return list(stored.values())


def check_cart(person: Person, record: Record, orders: list[dict]) -> None:
    """What was added and not ordered lies in the cart, to the unit: no event lost, none applied
    twice.
    """
    added: Counter[int] = Counter()
    for write in record.made("/carts/me/items"):
        if write.person is person:
            added[write.body["productId"]] += write.body["quantity"]
    for order in orders:
        added.subtract(units(order["items"]))
    expected = +added
    wait_until(
        lambda: units(person.cart()["items"]) == expected, f"the cart holds {dict(expected)}"
    )


def test_kill_9_under_load_loses_nothing_and_doubles_nothing(
    new_server: NewServer, size: Callable[[int, int], int]
) -> None:
    server = new_server().start()
    shop, record = Shop(server), Record()
    people = [shop.user(f"Buyer {n}") for n in range(BUYERS)]
    products = [
        shop.product(price=f"{n}.{n}9", stockQuantity=4_000_000_000)["id"] for n in range(1, 4)
    ]
    for cycle in range(size(5, 200)):
        run_until_killed(server, people, products, record, cycle)
        server.restart()
    record.settle()
    assert not [write.reply for write in record.writes if write.reply.status >= 500]
    assert len(record.made("/orders/me")) > 10 and len(record.made("/carts/me/items")) > 10
    everything = []
    for person in people:
        orders = check_orders(person, record)
        check_cart(person, record, orders)
        everything += orders
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "every outbox is empty", every=0.1)
    log = events.listed(server)
    check_sign_ups(server, record, log)
    check_orders_published(everything, log)
    server.stop()
    store.check_sound(server)
    assert store.waiting_in_outboxes(server) == 0


def check_sign_ups(server: Server, record: Record, log: list[events.Event]) -> None:
    """I1, I6: who was told 201 can log in, and was published once."""
    for attempt in record.sign_ups:
        if attempt.reply is None:
            continue
        assert attempt.reply.status == 201, attempt.reply
        assert login(server, attempt.email, PASSWORD).status == 200
    sent = {(row.key, row.id) for row in log if row.type == "USER_CREATED"}
    published = Counter(key for key, _ in sent)
    for attempt in record.sign_ups:
        if attempt.reply is not None:
            assert published[str(attempt.reply.json["id"])] == 1, attempt.email


def check_orders_published(orders: list[dict], log: list[events.Event]) -> None:
    """I2: one ORDER_CREATED for each order, however often it was sent."""
    sent = {(row.key, row.id) for row in log if row.type == "ORDER_CREATED"}
    assert sorted(key for key, _ in sent) == sorted(str(order["id"]) for order in orders)
