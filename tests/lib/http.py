"""A small HTTP client that sends exactly what a test says: no path is tidied, no redirect followed,
nothing retried.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib import documented

#: A kept connection that has been idle for longer than this is not used again, in seconds.
IDLE_SECONDS_MAX = 20.0
#: How long an answer is waited for: longer than a server gives itself for one (30 s).
ANSWER_SECONDS_MAX = 60.0
JSON_TYPE = "application/json"


class Headers:
    """The headers of one answer: names without case, repeated ones kept."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = list(pairs)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def get(self, name: str) -> str | None:
        values = self.all(name)
        return values[0] if values else None

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def __getitem__(self, name: str) -> str:
        values = self.all(name)
        if len(values) != 1:
            raise AssertionError(
                f"header {name}: expected once, seen {len(values)} times in {self.pairs}"
            )
        return values[0]


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), f"the answer repeats a member: {[key for key, _ in pairs]}"
    return members


@dataclass(frozen=True)
class Reply:
    """One answer, and the request that got it (for the failure message)."""

    method: str
    target: str
    status: int
    headers: Headers
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body, object_pairs_hook=_refuse_twins)
        except ValueError as problem:
            raise AssertionError(f"{self}: the body is not JSON ({problem})") from problem

    @property
    def message(self) -> str:
        return str(self.json["message"])

    def expect(self, *statuses: int) -> Any:
        """The decoded body (None when empty), after checking that the status is one of these."""
        assert self.status in statuses, f"expected {' or '.join(map(str, statuses))}, got {self}"
        return self.json if self.body else None

    def __str__(self) -> str:
        shown = self.body[:400].decode("utf-8", "replace")
        return f"{self.method} {self.target} → {self.status} {shown}"


class Transport:
    """Keep-alive connections to the services of one server, one per thread and service."""

    def __init__(
        self, ports: Mapping[str, int], host: str = "127.0.0.1", timeout: float = ANSWER_SECONDS_MAX
    ) -> None:
        self.ports = dict(ports)
        self.host = host
        self.timeout = timeout
        self._generation = 0
        self._local = threading.local()

    def forget_connections(self) -> None:
        """After the server was stopped: what the pool holds is dead."""
        self._generation += 1

    def send(
        self,
        service: str,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | None = None,
    ) -> Reply:
        connection = self._connection(service)
        try:
            reply = exchange(connection, method, target, headers, body)
        except Exception:
            connection.close()
            self._pool().pop(service, None)
            raise
        self._pool()[service] = (self._generation, time.monotonic(), connection)
        documented.check(
            service, method, target, reply.status, reply.headers.pairs, reply.body
        )
        return reply

    def _pool(self) -> dict[str, tuple[int, float, http.client.HTTPConnection]]:
        if not hasattr(self._local, "pool"):
            self._local.pool = {}
        return self._local.pool

    def _connection(self, service: str) -> http.client.HTTPConnection:
        kept = self._pool().get(service)
        if kept is not None:
            generation, used_at, connection = kept
            if generation == self._generation and time.monotonic() - used_at < IDLE_SECONDS_MAX:
                return connection
            connection.close()
        return self._connect(service)

    def _connect(self, service: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.ports[service], timeout=self.timeout)


def exchange(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes | None = None,
) -> Reply:
    """One request and its answer on a given connection. A server may answer before it has read the
    whole body.
    """
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    if body:
        try:
            connection.send(body)
        except (BrokenPipeError, ConnectionResetError):
            pass
    answer = connection.getresponse()
    content = answer.read()
    return Reply(method, target, answer.status, Headers(answer.getheaders()), content)


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
