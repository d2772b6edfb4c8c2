"""reliability.md's invariants, checked against the databases, the topics and every answer that the
load was given.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lib.fleet import Fleet
from lib.server import SERVICES
from lib.shop import PASSWORD, login
from lib.shoppers import Crowd, Deed, Record
from lib.told import ends_of, everything_told
from lib.waiting import wait_until

#: How long everything may take to come to rest after the last trouble, in seconds.
REST_SECONDS_MAX = 120.0
#: Services that keep a row of each account.
PROJECTIONS = tuple(service for service in SERVICES if service != "user")


class Promises:
    """What must hold once the load is over. `crowd` is the load, its threads ended."""

    def __init__(self, fleet: Fleet, crowd: Crowd, brokers: str) -> None:
        self.fleet, self.brokers = fleet, brokers
        self.crowd, self.record = crowd, crowd.record

    def check(self) -> None:
        self._come_to_rest()
        self.told = everything_told(self.fleet.topics.values(), self.brokers)
        self._one_key_one_order_and_the_same_bytes()
        self._orders_are_what_was_acknowledged()
        self._carts_hold_what_is_left()
        self._the_ledger_knows_every_unit()
        if "inventory" in SERVICES:
            self._stock_adds_up()
        self._every_sign_up_is_everywhere()
        self._the_last_name_is_everywhere()
        self._events_took_effect_once()
        self._each_order_lived_one_life()
        self._tables_are_sound()

    def _come_to_rest(self) -> None:
        """I2: what was committed is told, and heard."""
        wait_until(
            lambda: self.fleet.waiting_in_outboxes() == 0,
            "every outbox is empty",
            REST_SECONDS_MAX,
            0.1,
        )
        wait_until(self._everything_is_heard, "all is heard", REST_SECONDS_MAX, 0.2)
        for service in SERVICES:
            assert self.fleet.query(service, "SELECT * FROM dead_letters") == []

    def _everything_is_heard(self) -> bool:
        """Each group's offsets in the service's own database are the ends of its partitions."""
        heard = "SELECT topic, partition_number, next_offset FROM consumer_offsets"
        rows = [row for service in SERVICES for row in self.fleet.query(service, heard)]
        return ends_of(rows, self.brokers)

    def _one_key_one_order_and_the_same_bytes(self) -> None:
        """I4."""
        keyed = [deed for deed in self.record.deeds if deed.key and deed.done]
        numbers = [deed.json["id"] for deed in keyed if deed.kind == "order"]
        assert len(set(numbers)) == len(numbers), "two keys never share an order"
        shaken = [deed for deed in keyed if deed.troubles] + keyed[-50:]
        for deed in shaken:
            again = deed.send(self.fleet.entries[len(deed.path) % 2])
            assert deed.reply is not None and again.body == deed.reply.body, deed
            assert again.headers["Idempotency-Replayed"] == "true"

    def _orders_are_what_was_acknowledged(self) -> None:
        """I5, I6: nothing missing, nothing nobody asked for, totals that add up."""
        answered = {deed.json["id"]: deed for deed in self.record.of("order")}
        cancelled = {int(deed.path.split("/")[2]) for deed in self.record.deeds if is_cancel(deed)}
        rows = self.fleet.query("order", "SELECT id, status, total_minor FROM orders")
        stored = {int(number): (status, int(total)) for number, status, total in rows}
        assert set(stored) == set(answered), (
            f"missing {set(answered) - set(stored)}, "
            f"nobody was told of {set(stored) - set(answered)}"
        )
        lines = dict(
            self.fleet.query(
                "order",
                "SELECT order_id, SUM(quantity * unit_price_minor) FROM order_items"
                " GROUP BY order_id",
            )
        )
        for number, (status, total) in stored.items():
            expected = "cancelled" if number in cancelled else "pending"
            assert status == expected, f"order {number} is {status}"
            assert total == int(lines[str(number)]), f"order {number} is not the sum of its lines"
            assert total == Decimal(str(answered[number].json["totalAmount"])) * 100, number

    def _carts_hold_what_is_left(self) -> None:
        """I2: what was added and not ordered lies in the cart, to the unit."""
        left: dict[int, Counter[int]] = defaultdict(Counter)
        for deed in self.record.of("add"):
            assert deed.body is not None
            left[deed.person.id][deed.body["productId"]] += deed.body["quantity"]
        for deed in self.record.of("order"):
            for item in deed.json["items"]:
                left[deed.person.id][item["productId"]] -= item["quantity"]
        for person in self.crowd.people:
            lies = units_of(person.get("/carts/me").expect(200))
            expected = {number: units for number, units in left[person.id].items() if units}
            assert lies == expected, f"{person.email}: {lies} in the cart, {expected} expected"

    def _the_ledger_knows_every_unit(self) -> None:
        wrong = self.fleet.query(
            "order",
            "SELECT COUNT(*) FROM cart_use l WHERE used <> (SELECT COALESCE(SUM(i.quantity), 0)"
            " FROM order_items i WHERE i.cart_item_id = l.cart_item_id)",
        )
        assert wrong == [("0",)], "lines of the ledger that differ from the orders"

    def _stock_adds_up(self) -> None:
        """I3: what is in the house is the sum of what came and went, what is reserved belongs to
        orders, to the unit. What was put aside for orders that came to nothing lapses by itself.
        """
        expected = {
            (row[0], row[1])
            for row in self.fleet.query(
                "order",
                "SELECT CONCAT(o.id, '/', i.product_id), SUM(i.quantity) FROM orders o"
                " JOIN order_items i ON i.order_id = o.id WHERE o.status = 'pending'"
                " GROUP BY o.id, i.product_id",
            )
        }
        reserved = self.fleet.query(
            "inventory",
            "SELECT CONCAT(order_id, '/', product_id), quantity FROM inventory_reservations"
            " WHERE status = 'active'",
        )
        assert set(reserved) == expected, set(reserved) ^ expected
        self.fleet.parts["rest"].run("inventory", "verify")

    def _every_sign_up_is_everywhere(self) -> None:
        """I1, I6."""
        wanted = {deed.body["email"] for deed in self.record.deeds if is_sign_up(deed)}
        rows = self.fleet.query("user", "SELECT id, email FROM users WHERE deleted_at IS NULL")
        by_email = {email: number for number, email in rows}
        assert len(by_email) == len(rows), "no address has two accounts"
        assert wanted <= set(by_email), "an account that was answered is missing"
        numbers = {by_email[email] for email in wanted} | {str(p.id) for p in self.crowd.people}
        for service in PROJECTIONS:
            known = self.fleet.query(service, "SELECT user_id FROM accounts")
            assert sorted(known) == sorted((n,) for n in by_email.values()), service
        carts = self.fleet.query("cart", "SELECT user_id FROM carts")
        assert {(number,) for number in numbers} <= set(carts) and len(set(carts)) == len(carts)
        for email in sorted(wanted)[:5]:
            assert login(self.fleet.entries[0], email, PASSWORD).status == 200

    def _the_last_name_is_everywhere(self) -> None:
        """I6, and events of one key are in effect in their order."""
        names = {deed.person.id: deed.body["name"] for deed in self.record.of("rename")}
        for service, table, key in [
            ("user", "users", "id"),
            *((each, "accounts", "user_id") for each in PROJECTIONS),
        ]:
            stored = dict(self.fleet.query(service, f"SELECT {key}, name FROM {table}"))
            for number, name in names.items():
                assert stored[str(number)] == name, service

    def _events_took_effect_once(self) -> None:
        """I2: one event for each change, and each is noted where it took effect."""
        ids: dict[str, set[str]] = defaultdict(set)
        keys: dict[str, list[str]] = defaultdict(list)
        for event in self.told:
            if event.id not in ids[event.type]:
                ids[event.type].add(event.id)
                keys[event.type].append(event.key)
        orders = self.fleet.query("order", "SELECT id, status FROM orders")
        assert sorted(keys["ORDER_CREATED"]) == sorted(n for n, _ in orders), "orders told once"
        gone = sorted(number for number, status in orders if status == "cancelled")
        assert sorted(keys["ORDER_CANCELLED"]) == gone, "cancellations told once"
        accounts = self.fleet.query("user", "SELECT id FROM users")
        assert sorted(keys["USER_CREATED"]) == sorted(n for (n,) in accounts), "accounts told once"
        for service in PROJECTIONS:
            noted = {word for (word,) in self.fleet.query(service, "SELECT event_id FROM inbox")}
            assert ids["USER_CREATED"] <= noted and ids["USER_UPDATED"] <= noted, service
            assert noted <= set().union(*ids.values()), service
            if service in ("cart", "inventory"):
                assert ids["ORDER_CREATED"] <= noted

    @property
    def told_twice(self) -> int:
        """Records that repeat an event: allowed, and dropped by whoever hears it."""
        return len(self.told) - len({event.id for event in self.told})

    def _each_order_lived_one_life(self) -> None:
        """I7, I8: per order first ORDER_CREATED, then at most one ORDER_CANCELLED."""
        lives: dict[str, list[str]] = defaultdict(list)
        seen: set[str] = set()
        for event in sorted(self.told, key=lambda e: (e.topic, e.partition, e.offset)):
            if event.type.startswith("ORDER_") and event.id not in seen:
                lives[event.key].append(event.type)
            seen.add(event.id)
        paths = {tuple(life) for life in lives.values()}
        assert paths <= {("ORDER_CREATED",), ("ORDER_CREATED", "ORDER_CANCELLED")}, paths

    def _tables_are_sound(self) -> None:
        """I9."""
        for service in SERVICES:
            tables = [name for (name,) in self.fleet.query(service, "SHOW TABLES")]
            checked = self.fleet.query(service, f"CHECK TABLE {', '.join(tables)} EXTENDED")
            assert {row[-1] for row in checked} == {"OK"}, checked
        lost = "SELECT COUNT(*) FROM {} c LEFT JOIN {} p ON p.id = c.{} WHERE p.id IS NULL"
        for service, child, parent, by in (
            ("order", "order_items", "orders", "order_id"),
            ("cart", "cart_items", "carts", "cart_id"),
        ):
            assert self.fleet.query(service, lost.format(child, parent, by)) == [("0",)]


def units_of(cart: dict[str, Any]) -> dict[int, int]:
    return {item["productId"]: item["quantity"] for item in cart["items"]}


def is_cancel(deed: Deed) -> bool:
    return deed.kind == "cancel" and deed.reply is not None


def is_sign_up(deed: Deed) -> bool:
    return deed.kind == "sign_up" and deed.reply is not None


def versions(fleet: Fleet) -> dict[tuple[str, str], int]:
    """The version of each account in each projection, to see that it only grows (I8)."""
    found = {}
    for service in PROJECTIONS:
        for number, version in fleet.query(service, "SELECT user_id, version FROM accounts"):
            found[service, number] = 0 if version == "NULL" else int(version)
    return found


def only_grew(samples: Iterable[dict[tuple[str, str], int]]) -> None:
    before: dict[tuple[str, str], int] = {}
    for sample in samples:
        for key, version in sample.items():
            assert version >= before.get(key, 0), key
        before = sample


def describe(record: Record) -> str:
    """For the log of the run."""
    kinds = Counter(deed.kind for deed in record.deeds if deed.done)
    return (
        f"{dict(kinds)}, {len(record.troubles)} tries in vain, "
        f"longest silence {record.longest_silence():.1f} s"
    )
