"""How events fare: the time from a change to its effect, and first adds to a cart that race."""

import statistics
import threading
import time

from processes import BenchError, wait_until_quiet
from rows import CLIENTS, MIX
from shop import PASSWORD, Client, in_parallel

SIGN_UPS = 150
RACING_USERS = 40
RACING_ADDS = 8


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
