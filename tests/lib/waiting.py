"""Waiting for facts. Nothing in these tests sleeps for a guessed time. (A promise about time itself
is lib/timing.py's.)
"""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: How long a fact may take to become true when nothing else is said, in seconds: ten times what a
#: slow machine needs that does other things too. Who waits for what never comes waits once.
DEADLINE_SECONDS = 60.0


def wait_until(
    check: Callable[[], T], what: str, deadline: float = DEADLINE_SECONDS, every: float = 0.01
) -> T:
    """Calls `check` until it answers something true and returns that; fails, saying `what`, at the
    deadline.
    """
    ends = time.monotonic() + deadline
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() >= ends:
            raise AssertionError(
                f"not seen within {deadline:g} s: {what} (last answer: {answer!r})"
            )
        time.sleep(every)
