"""A backlog as an outage of the log leaves it, and how long it takes to drain: orders that were
placed with a hold on their stock, of which nobody has heard."""

import dataclasses
import datetime
import time

from processes import BenchError, cpu_seconds, wait_until_quiet

BACKLOG_EVENTS = 100_000
DRAIN_SECONDS_MAX = 240
# Numbers of orders that nobody has given.
FIRST_ORDER = 1_000_000_000
# Nobody orders so much meanwhile that such a line would be gone.
LINE_LEFT_MIN = 10_000
# As long as a hold can be asked for: none lapses before its order is heard of.
HELD_FOR_MS = 86_400_000

OUTBOX = ("topic", "message_key", "aggregate_version", "event_type", "event_version", "producer",
          "traceparent", "value")
HOLDS = ("placement_id", "state", "held_until", "held_lines", "created_at", "updated_at")

# Each is an effect of one event, so whatever is missing or twice shows.
IN_CART = "SELECT SUM(taken) FROM cart_items"
IN_INVENTORY = {
    "orders with stock": "SELECT COUNT(*) FROM order_stock WHERE state = 'reserved'",
    "holds taken": "SELECT COUNT(*) FROM holds WHERE state = 'taken'",
    "units reserved": "SELECT SUM(quantity) FROM inventory_reservations WHERE status = 'active'",
}


def ordered_uuid(now_ms, kind, number):
    """Begins with the time, as the ids of events and placements do (platform/core/ordered_id.hpp);
    what is random there counts here."""
    digits = f"{now_ms:012x}4{kind:03x}8000{number:012x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@dataclasses.dataclass(frozen=True)
class Order:
    """Of one unit of one cart line."""

    number: int
    placed_ms: int
    line: int
    user: int
    product: int

    @property
    def id(self):
        return FIRST_ORDER + self.number

    @property
    def placement(self):
        return ordered_uuid(self.placed_ms, 1, self.number)

    def told(self):
        """Its row of the order service's outbox."""
        at = datetime.datetime.fromtimestamp(self.placed_ms / 1000, datetime.UTC)
        occurred = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        value = (
            f'{{"eventId":"{ordered_uuid(self.placed_ms, 0, self.number)}",'
            f'"eventType":"ORDER_CREATED","eventVersion":1,"occurredAt":"{occurred}",'
            f'"producer":"order-service","data":{{"orderId":{self.id},"userId":{self.user},'
            f'"status":"pending","currency":"USD","totalAmount":5,"totalMinor":500,'
            f'"items":[{{"orderItemId":{self.id},"cartItemId":{self.line},'
            f'"productId":{self.product},"productName":"Product of a backlog","quantity":1,'
            f'"unitPrice":5,"lineTotal":5}}],"expiresAt":null,'
            f'"placementId":"{self.placement}","version":1}}}}'
        )
        return ("order-events", str(self.id), 1, "ORDER_CREATED", 1, "order-service", "", value)

    def held(self):
        """Its row of the inventory service's holds; the lines letter by letter as it writes them
        (services/inventory/store/lines_text.hpp), for by them a hold is known."""
        lines = f'[{{"productId":{self.product},"quantity":1}}]'
        return (self.placement, "held", self.placed_ms + HELD_FOR_MS, lines, self.placed_ms,
                self.placed_ms)


def orders_of(lines, count, now_ms):
    """So many orders, of the cart lines (id, user_id, product_id) in turn."""
    return [Order(number, now_ms, *lines[number % len(lines)]) for number in range(count)]


def holding(orders):
    """Statements that set aside what the orders hold, as actions/hold_stock.cpp does."""
    units = {}
    for order in orders:
        units[order.product] = units.get(order.product, 0) + 1
    for product, wanted in sorted(units.items()):
        yield (f"UPDATE inventory_items SET reserved_quantity = reserved_quantity + {wanted}, "
               f"version = version + {wanted}, is_untold = 1, last_cause = 'held' "
               f"WHERE product_id = {product}")


def leave_behind(server, count):
    """Writes the backlog into the databases, while nobody serves them."""
    place = server.place
    lines = place.rows(
        server, "cart", "SELECT i.id, c.user_id, i.product_id FROM cart_items i JOIN carts c "
                        f"ON c.id = i.cart_id WHERE i.quantity > {LINE_LEFT_MIN} ORDER BY i.id")
    orders = orders_of(lines, count, time.time_ns() // 1_000_000)
    place.add_rows(server, "inventory", "holds", HOLDS, (order.held() for order in orders))
    place.run(server, "inventory", holding(orders))
    place.add_rows(server, "order", "outbox", OUTBOX, (order.told() for order in orders))


def effects(server):
    """What all orders so far have done to carts and stock, by its name."""
    found = {"units out of carts": server.place.rows(server, "cart", IN_CART)[0][0]}
    for name, sql in IN_INVENTORY.items():
        found[name] = server.place.rows(server, "inventory", sql)[0][0]
    return {name: count or 0 for name, count in found.items()}


def heard(server, service):
    """How far a service has got with the orders' events: it stands in the transaction of their
    effects, and is quicker to ask for than those."""
    return server.place.rows(
        server, service, "SELECT SUM(next_offset) FROM consumer_offsets "
                         f"WHERE topic = '{server.place.topic('order')}'")[0][0] or 0


def wait_until_heard(server, wanted):
    """Until each service has heard of all it is to hear of: offsets by service."""
    until = time.monotonic() + DRAIN_SECONDS_MAX
    left = dict(wanted)
    while left:
        server.check_alive()
        left = {service: offset for service, offset in left.items()
                if heard(server, service) < offset}
        if time.monotonic() > until:
            raise BenchError(f"{' and '.join(left)} had not heard all after {DRAIN_SECONDS_MAX} s")
        time.sleep(0.2 if left else 0)


def seconds_until_last(server, service, started_ms):
    """Until the handler of the last event began, of those a service has taken in since then."""
    last = server.place.rows(
        server, service, f"SELECT MAX(seen_at) FROM inbox WHERE seen_at > {started_ms}")[0][0]
    if last is None:
        raise BenchError(f"{service} took nothing in")
    return (last - started_ms) / 1000


def measure_drain(server):
    """From the start of the processes until cart and inventory have taken in every order. The
    server is stopped before and runs afterwards."""
    wait_until_quiet(*server.pids)
    before = effects(server)
    offsets = {service: heard(server, service) for service in ("cart", "inventory")}
    server.stop()
    leave_behind(server, BACKLOG_EVENTS)
    server.start()
    started = time.time_ns() // 1_000_000
    cpu = cpu_seconds(*server.pids)
    cpu_of = {name: cpu_seconds(pid) for name, pid in server.place.pids().items()}
    wait_until_heard(server, {service: offset + BACKLOG_EVENTS
                              for service, offset in offsets.items()})
    wait_until_quiet(*server.pids)
    cpu = cpu_seconds(*server.pids) - cpu
    cpu_of = {name: cpu_seconds(pid) - cpu_of[name] for name, pid in server.place.pids().items()}
    in_cart = seconds_until_last(server, "cart", started)
    in_inventory = seconds_until_last(server, "inventory", started)
    # The books of a shop whose events were heard twice, or not at all, do not add up.
    server.command("inventory", "verify", on=server.data_with("inventory"))
    return {
        "events": BACKLOG_EVENTS,
        "seconds": in_cart,
        "per_second": BACKLOG_EVENTS / in_cart,
        "inventory_seconds": in_inventory,
        "inventory_per_second": BACKLOG_EVENTS / in_inventory,
        "cpu_us": cpu / BACKLOG_EVENTS * 1e6,
        "cpu_us_of": {name: took / BACKLOG_EVENTS * 1e6 for name, took in cpu_of.items()},
        "errors": off_by(before, effects(server)),
    }


def off_by(before, after):
    """How many events took effect twice, or not at all."""
    return max(abs(after[name] - count - BACKLOG_EVENTS) for name, count in before.items())
