"""Several clients at the same moment."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def at_once(count: int, act: Callable[[int], R]) -> list[R]:
    """Calls act(0) … act(count-1) from so many threads that all wait for each other first."""
    gate = threading.Barrier(count)

    def after_the_gate(number: int) -> R:
        gate.wait(60)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(after_the_gate, range(count)))


def spread(threads: int, items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """Calls act for every item with so many threads; answers in the order of the items."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, items))
