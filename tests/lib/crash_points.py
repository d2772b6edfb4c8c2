"""Where a process may end while an order is placed, cancelled, expires or is shipped and while a
hold lapses, and what is so at that moment.
"""

from dataclasses import dataclass

#: What is so when it has been done: units held, reserved and gone, and the order's status.
EXPECTED = {
    "place": (0, 1, 0, "pending"),
    "cancel": (0, 0, 0, "cancelled"),
    "expire": (0, 0, 0, "cancelled"),
    "ship": (0, 0, 1, "shipped"),
    "lapse": (0, 0, 0, ""),
}


@dataclass(frozen=True)
class Point:
    """Where the process ends while `doing`, and what is so at that moment: units held, reserved and
    gone, and the order's status (empty: there is no order).
    """

    doing: str
    at: str
    seen: tuple[tuple[int, int, int, str], ...]

    def __str__(self) -> str:
        return f"{self.doing}, {self.at}"


def points() -> list[Point]:
    held, both = (1, 0, 0, "pending"), (0, 1, 0, "pending")
    early = (1, 0, 0, "")  # The new level is told, too, and may be quicker than the order.
    found = [
        Point("place", "db.before_commit@inventory", ((0, 0, 0, ""),)),
        Point("place", "db.after_commit@inventory", ((1, 0, 0, ""),)),
        Point("place", "db.before_commit@order", ((1, 0, 0, ""),)),
        Point("place", "db.after_commit@order", (held,)),
        Point("place", "relay.before_append@order", (held,)),
        Point("place", "log.before_commit", (early, held)),
        Point("place", "log.after_commit", (early, held)),
        Point("place", "relay.after_append@order", (held, both)),
        Point("place", "consumer.before_commit@inventory", (held,)),
        Point("place", "consumer.after_commit@inventory", (both,)),
        Point("place", "consumer.before_commit@cart", (held, both)),
        Point("place", "consumer.after_commit@cart", (held, both)),
        Point("place", "relay.before_append@inventory", (early, held, both)),
        Point("place", "relay.after_append@inventory", (early, held, both)),
        Point("place", "consumer.before_commit@order", (early, held, both)),
        Point("place", "consumer.before_commit@product", (early, held, both)),
        Point("lapse", "db.before_commit@inventory", ((1, 0, 0, ""),)),
        Point("lapse", "db.after_commit@inventory", ((0, 0, 0, ""),)),
    ]
    for doing, status, after in (
        ("cancel", "cancelled", (0, 0, 0, "cancelled")),
        ("expire", "cancelled", (0, 0, 0, "cancelled")),
        ("ship", "shipped", (0, 0, 1, "shipped")),
    ):
        told = (0, 1, 0, status)
        before = (0, 1, 0, "paid") if doing == "ship" else both
        found += [
            Point(doing, "db.before_commit@order", (before,)),
            Point(doing, "db.after_commit@order", (told,)),
            Point(doing, "relay.before_append@order", (told,)),
            Point(doing, "relay.after_append@order", (told, after)),
            Point(doing, "consumer.before_commit@inventory", (told,)),
            Point(doing, "consumer.after_commit@inventory", (after,)),
        ]
    return found
