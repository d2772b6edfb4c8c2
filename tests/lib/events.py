"""What the event log holds, through `microcommerce events …`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.server import Server
from lib.waiting import wait_until


@dataclass(frozen=True)
class Event:
    topic: str
    partition: int
    offset: int
    key: str
    headers: Mapping[str, str]
    value: str

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.value)

    @property
    def type(self) -> str:
        return str(self.body["eventType"])

    @property
    def id(self) -> str:
        return str(self.body["eventId"])

    @property
    def data(self) -> dict[str, Any]:
        return self.body["data"]


def listed(server: Server, *options: str) -> list[Event]:
    return [_event(row) for row in server.run_json_lines("events", "list", *options)]


def _event(row: Mapping[str, Any]) -> Event:
    value = row["value"]
    text = (
        value
        if isinstance(value, str)
        else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    )
    headers = {str(name): str(content) for name, content in row["headers"].items()}
    return Event(row["topic"], row["partition"], row["offset"], str(row["key"]), headers, text)


def of_type(server: Server, event_type: str, key: Any) -> list[Event]:
    """The events of one aggregate and type, in the order of the log."""
    rows = [event for event in listed(server) if event.key == str(key) and event.type == event_type]
    return sorted(rows, key=lambda event: event.offset)


def wait_for(server: Server, event_type: str, key: Any) -> Event:
    """The first such event, once the relay has brought it into the log."""
    rows = wait_until(
        lambda: of_type(server, event_type, key), f"{event_type} of {key} in the log", every=0.05
    )
    return rows[0]


def dead(server: Server) -> list[dict[str, Any]]:
    return server.run_json_lines("events", "dead", "list")
