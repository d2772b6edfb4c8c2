"""Two copies of every service behind HAProxy (deploy/haproxy), on one MariaDB and one Kafka. Each
copy is several processes, so that services call one another through the balancer, too.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lib.books import HEARD, rows_at
from lib.haproxy import Balancer
from lib.http import Transport
from lib.kafka import Kafka
from lib.kafka_clients import names_of_topics
from lib.mariadb import MariaDb
from lib.parallel import at_once
from lib.server import PATIENT, SERVICES, Server
from lib.shop import Actor, Shop
from lib.told import ends_of
from lib.waiting import wait_until

COPIES = ("one", "two")
SHARED_SECRET = "between-all-processes-0123456789abcdef"
#: Much longer than HAProxy needs to see that a copy stops, also on a busy machine.
DRAIN_DELAY_MS = 4000


class Balanced:
    """To whoever buys there it is one server. `sides` says which services share a process."""

    def __init__(
        self,
        folder: Path,
        new_server: Callable[..., Server],
        database: MariaDb,
        kafka: Kafka,
        prefix: str,
        sides: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.database, self.kafka, self.prefix, self.sides = database, kafka, prefix, sides
        self.parts: dict[tuple[str, str], Server] = {
            (copy, side): new_server(f"{side}-{copy}", services=sides[side])
            for copy in COPIES
            for side in sides
        }
        ports = {
            copy: {name: self.part(copy, name).ports[name] for name in SERVICES} for copy in COPIES
        }
        self.balancer = Balancer(folder, ports)
        settings = database.settings(prefix, SERVICES)
        for (_, side), part in self.parts.items():
            part.env.update({key: str(value) for key, value in settings.items()})
            part.env.update(self.settings_of(sides[side]))
        #: How long each one's log was when it was last started.
        self.begun: dict[Server, int] = {}
        self.transport = self.balancer.transport()
        self.shop = Shop(self)  # type: ignore[arg-type]

    def settings_of(self, services: tuple[str, ...]) -> dict[str, str]:
        """Of a process with these, but for its databases."""
        urls = {
            f"{name.upper()}_SERVICE_URL": f"http://127.0.0.1:{port}"
            for name, port in self.balancer.inner.items()
            if name not in services
        }
        groups = {f"{name.upper()}_KAFKA_GROUP_ID": f"{self.prefix}-{name}" for name in SERVICES}
        return {
            **names_of_topics(self.prefix),
            **groups,
            **urls,
            "KAFKA_BROKER": self.kafka.address,
            "INTERNAL_TOKEN_SECRET": SHARED_SECRET,
            "TRUSTED_PROXIES": "127.0.0.1",
            "DRAIN_DELAY_MS": str(DRAIN_DELAY_MS),
            **PATIENT,
        }

    def start_all(self) -> "Balanced":
        self.balancer.start()
        parts = list(self.parts.values())
        at_once(len(parts), lambda number: self.start(parts[number]))
        self.all_up()
        return self

    def start(self, part: Server) -> None:
        self.begun[part] = len(part.log)
        part.start()

    def part(self, copy: str, service: str) -> Server:
        return next(
            part
            for (of, side), part in self.parts.items()
            if of == copy and service in self.sides[side]
        )

    def run(self, *command: str) -> Any:
        """A command, beside a process that it concerns."""
        return self.part("one", "inventory" if command[0] == "inventory" else "user").run(*command)

    def direct(self, copy: str, token: str | None = None) -> Actor:
        """Past the balancer, to one copy of each service."""
        ports = {name: self.part(copy, name).ports[name] for name in SERVICES}
        there: Any = type("One", (), {"transport": Transport(ports)})()
        return Actor(there, token)

    def all_up(self) -> None:
        wait_until(
            lambda: all(self.balancer.up(copy) == set(SERVICES) for copy in COPIES),
            "the balancer sends requests to every copy",
        )

    def rows(self, service: str, sql: str) -> list[tuple[Any, ...]]:
        return rows_at(self.database, f"{self.prefix}_{service}", sql)

    def verify(self) -> str:
        return self.run("inventory", "verify").stdout

    def is_quiet(self) -> bool:
        """All is told and heard: nobody has anything to write before somebody asks for it."""
        if self.rows("inventory", "SELECT 1 FROM inventory_items WHERE told_version < version"):
            return False
        if any(self.rows(each, "SELECT 1 FROM outbox LIMIT 1") for each in SERVICES):
            return False
        heard = [row for each in SERVICES for row in self.rows(each, HEARD)]
        return ends_of(heard, self.kafka.address)

    def outboxes_are_empty(self) -> None:
        for name in SERVICES:
            wait_until(
                lambda n=name: self.rows(n, "SELECT id FROM outbox") == [],
                f"all that {name} tells is sent",
            )
