"""What may happen to the bytes between two of ours (lib/proxy.py lets it happen)."""

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """The direction of bytes, seen from whoever opened the connection."""

    THERE = "there"
    BACK = "back"


#: So many of each piece; the rest would only take time.
SLICES_MAX = 24


@dataclass(frozen=True)
class Fault:
    """What happens to bytes that go one way (or both, `way` None), on connections of old and new
    ones. `once_seen`: on each connection only after these bytes went there.
    """

    name: str
    way: Way | None = None
    once_seen: bytes = b""
    #: How many bytes that way still pass, counted from when the fault began, or from the end of
    #: `beyond`, which has to come in one piece.
    after: int = 0
    beyond: bytes = b""
    seconds: float = 0.0
    jitter: float = 0.0
    bytes_per_second: float = 0.0
    with_rst: bool = False


def refuse() -> Fault:
    """Nobody listens; what was connected is reset."""
    return Fault("refuse")


def reset(after: int = 0, way: Way = Way.THERE, beyond: bytes = b"") -> Fault:
    """RST to both, as soon as a byte beyond `after` comes."""
    return Fault("cut", way, after=after, beyond=beyond, with_rst=True)


def cut(after: int, way: Way = Way.BACK, beyond: bytes = b"") -> Fault:
    """A clean end in the middle: FIN to both after so many bytes."""
    return Fault("cut", way, after=after, beyond=beyond)


def stall(
    way: Way | None = None, once_seen: bytes = b"", after: int = 0, beyond: bytes = b""
) -> Fault:
    """Accepts and passes nothing on. What was held arrives late, when the fault is lifted."""
    return Fault("stall", way, once_seen, after=after, beyond=beyond)


def vanish() -> Fault:
    """Half-open: the far end of every present connection is gone and nobody says so. New ones are
    well.
    """
    return Fault("vanish")


def latency(seconds: float, jitter: float = 0.0) -> Fault:
    return Fault("latency", seconds=seconds, jitter=jitter)


def slices(seconds: float = 0.0, way: Way | None = None) -> Fault:
    """Of what comes in one piece the first bytes one at a time, with a pause after each."""
    return Fault("slices", way, seconds=seconds)


def bandwidth(bytes_per_second: float, way: Way | None = None) -> Fault:
    return Fault("bandwidth", way, bytes_per_second=bytes_per_second)


def lose_answer(once_seen: bytes = b"") -> Fault:
    """What was asked arrives; the answer is thrown away and the connection closed."""
    return Fault("cut", Way.BACK, once_seen)
