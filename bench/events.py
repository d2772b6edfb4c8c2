"""How events fare: the time from a change to its effect, a backlog that drains, and first adds to a
cart that race."""

import datetime
import statistics
import threading
import time

from processes import BenchError, cpu_seconds, wait_until_quiet
from rows import CLIENTS, MIX
from shop import PASSWORD, Client, in_parallel

SIGN_UPS = 150
BACKLOG_EVENTS = 100_000
DRAIN_SECONDS_MAX = 240
# Numbers of orders that nobody has given.
BACKLOG_FIRST_ORDER = 1_000_000_000
RACING_USERS = 40
RACING_ADDS = 8

OUTBOX = ("topic", "message_key", "aggregate_version", "event_type", "event_version", "producer",
          "traceparent", "value")


def created_at_ms(event_id):
    """An event's id begins with the milliseconds since 1970 at which it was made
    (platform/events/outbox.cpp)."""
    return int(event_id[:8] + event_id[9:13], 16)


def delays_ms(rows):
    """Of inbox rows (event_id, seen_at): milliseconds from the making of the event, inside the
    transaction that tells it, until its handler begins in the transaction that takes it in."""
    return sorted(seen_at - created_at_ms(event_id) for event_id, seen_at in rows)


def percentile(ordered, share):
    """The smallest value that so large a share of them does not exceed."""
    if not ordered:
        raise BenchError("no event arrived")
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def sign_up_many(server, name, count):
    emails = [f"{name}{i}@bench.example" for i in range(count)]

    def sign_up(client, email):
        body = {"name": "Heard of", "email": email, "password": PASSWORD}
        return client.must(201, "user", "POST", "/auth/signup", body)["id"]

    return in_parallel(server, sign_up, emails, threads=1)


def measure_latency(rows, server, seconds):
    """From the databases, so that nobody's asking disturbs it: sign-up in the user service until
    the cart service takes it in, alone and while the mix runs at a tenth of what it can."""
    figures = {"errors": 0, "across": len(server.place.processes) > 1}
    for kind in ("idle", "busy"):
        wait_until_quiet(*server.pids)
        started = time.time_ns() // 1_000_000
        load = None
        if kind == "busy":
            load = rows.generator.start(rows.plan(MIX), seconds, clients=CLIENTS, warm_up=1,
                                        rate=rows.easy_rate())
        try:
            sign_up_many(server, f"heard-{kind}-", SIGN_UPS)
        finally:
            if load:
                figures["errors"] += rows.generator.finish(load)["errors"]
        wait_until_quiet(*server.pids)
        taken = delays_ms(server.place.rows(
            server, "cart", f"SELECT event_id, seen_at FROM inbox WHERE seen_at >= {started}"))
        figures[kind] = {"events": len(taken), "p50_ms": percentile(taken, 50),
                         "p99_ms": percentile(taken, 99), "max_ms": taken[-1]}
        if len(taken) < SIGN_UPS:
            raise BenchError(f"{SIGN_UPS} accounts were made and {len(taken)} events arrived")
    return figures


def backlog(lines, count, now_ms):
    """Rows of an outbox: an ORDER_CREATED each, of one item of one of the cart lines
    (id, user_id, product_id) in turn."""
    at = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC)
    occurred = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for number in range(count):
        line, user, product = lines[number % len(lines)]
        order = BACKLOG_FIRST_ORDER + number
        event_id = f"{now_ms:012x}4000800000{number:010x}"
        event_id = "-".join((event_id[:8], event_id[8:12], event_id[12:16], event_id[16:20],
                             event_id[20:]))
        value = (
            f'{{"eventId":"{event_id}","eventType":"ORDER_CREATED","eventVersion":1,'
            f'"occurredAt":"{occurred}","producer":"order-service","data":{{"orderId":{order},'
            f'"userId":{user},"status":"pending","currency":"USD","totalAmount":5,'
            f'"totalMinor":500,"items":[{{"orderItemId":{order},"cartItemId":{line},'
            f'"productId":{product},"productName":"Product of a backlog","quantity":1,'
            '"unitPrice":5,"lineTotal":5}],"expiresAt":null,"placementId":null,"version":1}}'
        )
        yield ("order-events", str(order), 1, "ORDER_CREATED", 1, "order-service", "", value)


def taken_out(server):
    return server.place.rows(server, "cart", "SELECT SUM(taken) FROM cart_items")[0][0] or 0


def measure_drain(server):
    """A backlog in the order service's outbox, as after an outage of the log: from the start of the
    processes until the cart service has taken every line out. The server is stopped before and runs
    afterwards."""
    wait_until_quiet(*server.pids)
    server.stop()
    place = server.place
    lines = place.rows(
        server, "cart", "SELECT i.id, c.user_id, i.product_id FROM cart_items i "
                        "JOIN carts c ON c.id = i.cart_id WHERE i.quantity > 10000 ORDER BY i.id")
    before = taken_out(server)
    made = backlog(lines, BACKLOG_EVENTS, time.time_ns() // 1_000_000)
    place.add_rows(server, "order", "outbox", OUTBOX, made)
    server.start()
    started = time.time_ns() // 1_000_000
    cpu = cpu_seconds(*server.pids)
    cpu_of = {name: cpu_seconds(pid) for name, pid in place.pids().items()}
    until = time.monotonic() + DRAIN_SECONDS_MAX
    while taken_out(server) < before + BACKLOG_EVENTS:
        if time.monotonic() > until:
            raise BenchError(f"{taken_out(server) - before} events were in effect after "
                             f"{DRAIN_SECONDS_MAX} s")
        time.sleep(0.2)
    wait_until_quiet(*server.pids)
    last = place.rows(server, "cart", f"SELECT MAX(seen_at) FROM inbox WHERE seen_at > {started}")
    took = (last[0][0] - started) / 1000
    over = taken_out(server) - before - BACKLOG_EVENTS
    return {
        "events": BACKLOG_EVENTS,
        "seconds": took,
        "per_second": BACKLOG_EVENTS / took,
        "cpu_us": (cpu_seconds(*server.pids) - cpu) / BACKLOG_EVENTS * 1e6,
        "cpu_us_of": {name: (cpu_seconds(pid) - cpu_of[name]) / BACKLOG_EVENTS * 1e6
                      for name, pid in place.pids().items()},
        "errors": over,  # Events that took effect twice.
    }


def measure_first_adds(shop):
    """Accounts without a cart, each putting several products into it at the same moment."""
    server = shop.server
    emails = [f"first-add-{i}@bench.example" for i in range(RACING_USERS)]
    tokens = in_parallel(
        server, lambda client, email: client.sign_up(email, "Hasty")[1], emails, threads=2)
    answers = []
    together = threading.Barrier(RACING_ADDS)

    def add(at):
        client = Client(server)
        try:
            for token in tokens:
                body = {"productId": shop.products[at], "quantity": 1}
                together.wait(30)
                start = time.monotonic()
                status, _ = client.ask("cart", "POST", "/carts/me/items", body, token)
                answers.append((status, (time.monotonic() - start) * 1000))
        except BaseException:
            together.abort()
            raise
        finally:
            client.close()

    threads = [threading.Thread(target=add, args=(at,)) for at in range(RACING_ADDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = RACING_USERS * RACING_ADDS
    return {
        "adds": wanted,
        "errors": wanted - sum(status == 201 for status, _ in answers),
        "p50_ms": statistics.median(took for _, took in answers),
        "max_ms": max(took for _, took in answers),
    }
