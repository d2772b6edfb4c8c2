"""Many short experiments that mostly wait: a file's cases run at the same time on several stations,
and each test waits for the outcome of its own.
"""

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

import pytest

from lib.timing import tried_again

S = TypeVar("S")


class Lab(Generic[S]):
    """`make(number)` builds a station when it is first needed; one case at a time runs on each, and
    once more when it was Late.
    """

    def __init__(
        self,
        stations: int,
        make: Callable[[int], S],
        run: Callable[[S, Any], Any],
        cases: Iterable[Any],
    ) -> None:
        self.made: list[S] = []
        self._make, self._run = make, run
        #: One after the other: the first cases run while the next station is built.
        self._building = threading.Lock()
        self._free: queue.SimpleQueue[int | S | Exception] = queue.SimpleQueue()
        for number in range(stations):
            self._free.put(number)
        self._threads = ThreadPoolExecutor(stations, thread_name_prefix="station")
        self._outcomes: dict[Any, Future[Any]] = {
            case: self._threads.submit(self._work_on, case) for case in cases
        }

    def _work_on(self, case: Any) -> Any:
        station = self._free.get()
        try:
            if isinstance(station, int):
                station = self._built(station)
            if isinstance(station, Exception):
                raise AssertionError("its station could not be made") from station
            built = station
            return tried_again(lambda: self._run(built, case))
        finally:
            self._free.put(station)

    def _built(self, number: int) -> S | Exception:
        try:
            with self._building:
                station = self._make(number)
        except Exception as problem:  # Of any kind: every case of the station tells it.
            return problem
        self.made.append(station)
        return station

    def outcome(self, case: Any) -> Any:
        """What run() gave for it; raises what it raised."""
        return self._outcomes[case].result()

    def all_done(self) -> None:
        """Waits for every case, whatever became of it."""
        for each in self._outcomes.values():
            if not each.cancelled():
                each.exception()

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)


def selected(request: pytest.FixtureRequest) -> list[Any]:
    """The cases of this file that this run wants, in order."""
    return [
        item.callspec.params["case"]
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.module is request.module
        and hasattr(item, "callspec")
        and "case" in item.callspec.params
    ]
