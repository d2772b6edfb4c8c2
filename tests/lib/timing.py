"""Promises about time, held on a machine that stands still now and then because others use it, too.

What comes too late may be the machine's fault or the shop's, and looking once does not tell which.
The machine's fault passes: who is late every time has broken the promise.
"""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from lib.http import Reply
from lib.waiting import wait_until

T = TypeVar("T")

#: How often a promise is looked at before it counts as broken.
LOOKS_MAX = 4
#: How long a change may take to be felt in every service, in seconds (security.md 17).
EVERYWHERE_SECONDS = 1.0


class Late(AssertionError):
    """It came, or what was seen says nothing, because so much time had passed."""


def check_in_time(seconds: float, seconds_max: float, what: str) -> None:
    if seconds >= seconds_max:
        raise Late(f"{what}: {seconds:.2f} s, at most {seconds_max:g} s was promised")


def tried_again(act: Callable[[], T]) -> T:
    """What `act` gives; again, from its beginning, as long as it is Late."""
    for _ in range(LOOKS_MAX - 1):
        try:
            return act()
        except Late as late:
            print(f"once more: {late}")
    return act()


def again_when_late(test: Callable[..., None]) -> Callable[..., None]:
    """For a test that may run several times on the same fixtures."""

    @functools.wraps(test)
    def run(**given: Any) -> None:
        tried_again(lambda: test(**given))

    return run


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """For what is only so for some seconds: seen otherwise after them it proves nothing."""
    began = time.monotonic()
    try:
        yield
    except AssertionError as seen:
        check_in_time(time.monotonic() - began, seconds, f"{what}, and then: {seen}")
        raise


def felt(check: Callable[[], T], what: str, seconds_max: float = EVERYWHERE_SECONDS) -> T:
    """Waits until it is so, which may take no longer than that from now on."""
    began = time.monotonic()
    answer = wait_until(check, what)
    check_in_time(time.monotonic() - began, seconds_max, what)
    return answer


def timed(act: Callable[[], Reply]) -> tuple[Reply, float]:
    began = time.monotonic()
    reply = act()
    return reply, time.monotonic() - began
