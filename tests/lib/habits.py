"""Customers who do the same thing again and again while something happens to the shop."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lib.http import Reply

#: Between two requests of one customer, in seconds.
PACE = 0.05


@dataclass
class Heard:
    status: int
    took: float
    reply: Reply | None


@dataclass
class Habit:
    """Something that somebody does again and again; what was heard is written down."""

    name: str
    do: Callable[[], Reply]
    heard: list[Heard] = field(default_factory=list)

    def once(self) -> None:
        began = time.monotonic()
        try:
            reply = self.do()
        except (OSError, http.client.HTTPException):
            self.heard.append(Heard(0, time.monotonic() - began, None))
            return
        self.heard.append(Heard(reply.status, time.monotonic() - began, reply))

    def statuses(self) -> set[int]:
        return {each.status for each in self.heard}


class Crowd:
    """Customers with a habit each, until they are told to go."""

    def __init__(self, habits: list[Habit]) -> None:
        self.habits = {habit.name: habit for habit in habits}
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=(each,)) for each in habits]

    def _live(self, habit: Habit) -> None:
        while not self._over.wait(PACE):
            habit.once()

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(180)

    def forget(self) -> None:
        for habit in self.habits.values():
            habit.heard = []


def pass_time(seconds: float) -> None:
    """The length of an outage is what is tested, not something that is waited for."""
    threading.Event().wait(seconds)
