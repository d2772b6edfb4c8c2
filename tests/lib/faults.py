"""What all tests of faults hold against a service that suffered one."""

import itertools
import os
import re
import secrets
import threading
import time
from collections.abc import Callable

from lib.http import Reply
from lib.server import Server
from lib.shop import Person, Shop
from lib.timing import check_in_time
from lib.waiting import wait_until

#: reliability.md promises two seconds; a machine that does other things too gets some more.
RECOVERY_SECONDS_MAX = 4.0
#: What an answer may take beyond its deadline on such a machine.
SLACK_SECONDS = 1.5
#: Connections that may stay open for the next request, over all clients of a process.
KEPT_CONNECTIONS_MAX = 14

_run = secrets.token_hex(3)
_numbers = itertools.count(1)


def fresh_key() -> dict[str, str]:
    """Headers of a request that may be asked again."""
    return {"Idempotency-Key": f"fault-{_run}-{next(_numbers)}"}


class Recoveries:
    """How long after the end of a fault a service was as before. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seconds: list[tuple[float, str]] = []

    def measure(self, what: str, succeeds: Callable[[], Reply | None]) -> Reply:
        """Asks until it is answered as without the fault; Late when that takes too long."""
        began = time.monotonic()
        reply = wait_until(succeeds, f"recovery: {what}", every=0.05)
        assert reply is not None
        took = time.monotonic() - began
        check_in_time(took, RECOVERY_SECONDS_MAX, f"recovery: {what}")
        with self._lock:
            self.seconds.append((took, what))
        return reply

    @property
    def longest(self) -> str:
        seconds, what = max(self.seconds)
        return f"longest of {len(self.seconds)} recoveries: {seconds:.2f} s ({what})"


class Regulars:
    """Customers who come again: a sign-up is two hashes of a password, for which a busy machine has
    no time. One at a time for each shop and thread; a cart has its limit, so now and then another.
    """

    VISITS_MAX = 15

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Person, int]] = {}

    def one_of(self, shop: Shop) -> Person:
        key = id(shop), threading.get_ident()
        person, visits = self._known.get(key, (None, 0))
        if person is None or visits == self.VISITS_MAX:
            person, visits = shop.user(), 0
        self._known[key] = person, visits + 1
        return person


def open_files(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def figure(server: Server, service: str, series: str) -> float:
    """One series of /metrics, named as it stands there before its value; 0 when it is not there."""
    headers = [("Accept", "text/plain")]
    text = server.transport.send(service, "GET", "/metrics", headers).text
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def check_base(server: Server, service: str, files_before: int) -> None:
    """No crash, no request that hangs, no connection that leaks."""
    assert server.running, server.log[-3000:]
    in_flight = f'http_requests_in_flight{{service="{service}-service"}}'
    wait_until(lambda: figure(server, service, in_flight) <= 1, "only this request is in flight")
    wait_until(
        lambda: open_files(server) <= files_before + KEPT_CONNECTIONS_MAX,
        f"{service}: {open_files(server)} open files, {files_before} before",
    )
    for word in ("request_failed", "what=\"std::"):
        assert word not in server.log, [l for l in server.log.splitlines() if word in l][:3]
