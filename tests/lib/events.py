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
        """Empty for a record that is no event at all."""
        try:
            return str(self.body["eventType"])
        except (ValueError, KeyError, TypeError):
            return ""

    @property
    def id(self) -> str:
        return str(self.body["eventId"])

    @property
    def data(self) -> dict[str, Any]:
        return self.body["data"]


def listed(server: Server, *options: str) -> list[Event]:
    lines = server.run("events", "list", *options).stdout.splitlines()
    return [_event(line) for line in lines if line]


def _event(line: str) -> Event:
    """The value is the last member of a line, and stands there as it stands in the log."""
    row = json.loads(line)
    text = line.partition(',"value":')[2][:-1]
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
