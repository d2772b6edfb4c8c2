"""The shop as it runs on several machines: processes of their own on one database server and one
Kafka, order and cart twice.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lib.http import Transport
from lib.kafka_clients import names_of_topics
from lib.mariadb import MariaDb
from lib.parallel import at_once
from lib.server import PATIENT, SERVICES, Server
from lib.shop import Shop

#: The services that run twice. All others share a process.
TWICE = ("cart", "order")
SECRET = "all-copies-speak-with-this-0123456789abcdef"


class Entry:
    """The fleet as one server, entered at one of the copies; what lib.shop wants of a server."""

    def __init__(self, first: Server, ports: Mapping[str, int]) -> None:
        self.first = first
        self.transport = Transport(ports, timeout=60)
        self.env = first.env

    def run(self, *command: str) -> Any:
        return self.first.run(*command)


class Fleet:
    """`schema_at` makes the schemas and is asked what stands in them. Copy 1 of each service works
    at the first of the ports, copy 2 at the second, if there is one.
    """

    def __init__(
        self,
        new_server: Callable[..., Server],
        name: str,
        schema_at: MariaDb,
        database_ports: list[int],
        kafka_address: str,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.database = schema_at
        self.topics = names_of_topics(name)
        shared: dict[str, Any] = {
            **schema_at.settings(name, SERVICES),
            "KAFKA_BROKER": kafka_address,
            "INTERNAL_TOKEN_SECRET": SECRET,
            "IO_THREADS": "1",
            **PATIENT,
            **self.topics,
            **{f"{each.upper()}_KAFKA_GROUP_ID": f"{name}-{each}" for each in SERVICES},
            **(settings or {}),
        }
        others = tuple(each for each in SERVICES if each not in TWICE)
        self.parts = {"rest": new_server(f"{name}-rest", services=others, env=shared)}
        for copy in (0, 1):
            for service in TWICE:
                part = f"{service}-{copy + 1}"
                self.parts[part] = new_server(f"{name}-{part}", services=[service], env=shared)
                at = database_ports[min(copy, len(database_ports) - 1)]
                self.parts[part].env["DB_PORT"] = str(at)
        self.parts["rest"].env["DB_PORT"] = str(database_ports[0])
        for part in self.parts.values():
            part.has_answered = True  # The others were told its ports: it may not take new ones.
        # Each is to a test what a server is.
        self.entries: list[Any] = [self._entry(copy) for copy in (1, 2)]

    def _entry(self, copy: int) -> Entry:
        ports = dict(self.parts["rest"].ports)
        for service in TWICE:
            ports[service] = self.parts[f"{service}-{copy}"].ports[service]
        for service in TWICE:
            for other, port in ports.items():
                address = f"http://127.0.0.1:{port}"
                self.parts[f"{service}-{copy}"].env[f"{other.upper()}_SERVICE_URL"] = address
                if copy == 1:
                    self.parts["rest"].env[f"{other.upper()}_SERVICE_URL"] = address
        return Entry(self.parts["rest"], ports)

    def start(self) -> "Fleet":
        parts = list(self.parts.values())
        at_once(len(parts), lambda n: parts[n].start())
        return self

    def stop(self) -> None:
        """SIGTERM to all; each must go in time and without complaint."""
        parts = list(self.parts.values())
        assert at_once(len(parts), lambda n: parts[n].stop()) == [0] * len(parts)

    @property
    def shop(self) -> Shop:
        return Shop(self.entries[0])

    def schema(self, service: str) -> str:
        return f"{self.name}_{service}"

    def query(self, service: str, sql: str) -> list[tuple[str, ...]]:
        return self.database.query(sql, self.schema(service))

    def waiting_in_outboxes(self) -> int:
        """Rows that no relay has brought into the log yet, over all services."""
        counts = " + ".join(
            f"(SELECT COUNT(*) FROM {self.schema(service)}.outbox)" for service in SERVICES
        )
        return int(self.database.query(f"SELECT {counts}")[0][0])
