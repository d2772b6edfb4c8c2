"""The scenes of stage.py where everything is apart: both copies of order, or of inventory, end at
once, as where a machine loses its power.
"""

import itertools
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from lib.balanced import COPIES, SHARED_SECRET, Balanced
from lib.buyers import Buyer, buyers, sign_up_at_server
from lib.parallel import at_once, spread
from lib.server import Server
from lib.shop import Actor
from lib.stage import FAILED, Company, Scene
from lib.tripwire import CommitWire
from lib.waiting import wait_until

SIDES = ("order", "inventory")
THREADS = 8
#: What the transaction of each deed says to its database, at order.
TELLS = {
    "place": b"ORDER_CREATED",
    "cancel": b"ORDER_CANCELLED",
    "expire": b"ORDER_CANCELLED",
    "ship": b"ORDER_SHIPPED",
}
#: Whoever is away is given up early: it is away on purpose.
IMPATIENT = {"INVENTORY_TIMEOUT_MS": "1500"}
_starts = itertools.count(1)


class Troupe(Company):
    """`with Troupe(…):` both copies of order and inventory are started with other settings, until
    it ends.
    """

    def __init__(self, layout: Balanced, people_count: int, **settings: str) -> None:
        self.layout, self._settings = layout, settings
        self.admin = layout.shop.as_admin()
        self.copies = {side: [layout.parts[copy, side] for copy in COPIES] for side in SIDES}
        self._found = {part: dict(part.env) for side in SIDES for part in self.copies[side]}
        self.people = self._sign_up(people_count)

    def _sign_up(self, count: int) -> list[Buyer]:
        layout = self.layout
        [(last,)] = layout.rows("user", "SELECT MAX(id) FROM users")
        people = buyers(layout, count, last + 1)
        sign_up_at_server(
            lambda sql: layout.database.query(sql, f"{layout.prefix}_user"),
            layout.kafka.address,
            f"{layout.prefix}-user-events",
            people,
        )
        known = f"SELECT COUNT(*) FROM accounts WHERE user_id > {last}"
        for service in ("cart", "order"):
            wait_until(
                lambda s=service: layout.rows(s, known) == [(count,)], f"{service} knows them"
            )
        return people

    def __enter__(self) -> Self:
        at_once(len(SIDES), lambda n: self.restart(SIDES[n]))
        return self

    def __exit__(self, *_: object) -> None:
        self.kill(*SIDES)
        for side in SIDES:
            self._rename_group(side, f"{self.layout.prefix}-{side}")
        for part, env in self._found.items():
            part.env = env
        parts = list(self._found)
        at_once(len(parts), lambda n: self.layout.start(parts[n]))
        self.layout.all_up()

    def kill(self, *sides: str) -> None:
        """All copies at one moment."""
        parts = [part for side in sides for part in self.copies[side] if part.running]
        for part in parts:
            with suppress(ProcessLookupError):
                part.process.kill()
        for part in parts:
            part.ended()
        self.layout.transport.forget_connections()

    def restart(self, side: str, **settings: str) -> None:
        """Both copies. To Kafka they are a group of another name, or it would wait until the
        session of those that were killed is over.
        """
        self.kill(side)
        group = self._rename_group(side, f"{self.layout.prefix}-{side}-{next(_starts)}")
        parts = self.copies[side]
        for part in parts:
            part.env = {**self._found[part], **self._settings, **group, **settings}
        at_once(len(parts), lambda n: self._start(parts[n]))
        if all(part.running for part in parts):
            self.layout.all_up()

    def _rename_group(self, side: str, name: str) -> dict[str, str]:
        """It goes on where it was: that is in its own database. The setting to start it with."""
        self.layout.rows(side, f"UPDATE consumer_offsets SET consumer_group = '{name}'")
        return {f"{side.upper()}_KAFKA_GROUP_ID": name}

    def _start(self, part: Server) -> None:
        try:
            self.layout.start(part)
        except AssertionError:
            # It was at its point before anybody could ask it for anything.
            if "FAIL_POINT" not in part.env or part.process.returncode != FAILED:
                raise

    def inventory(self) -> tuple[Actor, str]:
        return self.layout.direct("one"), SHARED_SECRET

    def change(self, service: str, sql: str) -> None:
        found = self.layout.rows(service, f"{sql}; SELECT ROW_COUNT()")
        assert found == [(1,)], f"{sql}: {found}"


class StageApart(Troupe):
    """It reaches MariaDB through a wire at which it ends."""

    def __init__(self, layout: Balanced, people_count: int) -> None:
        self.wire = CommitWire(layout.database.port)
        super().__init__(layout, people_count, **IMPATIENT, DB_PORT=str(self.wire.port))

    def __exit__(self, *of: object) -> None:
        super().__exit__(*of)
        self.wire.close()

    def scenes(self, doings: Iterable[str]) -> list[Scene]:
        """Each ready for its deed."""

        def made(doing: str) -> Scene:
            scene = Scene(self)
            scene.set_up(doing)
            return scene

        return spread(THREADS, doings, made)

    def arm(self, at: str, doing: str, scene: Scene) -> None:
        """From now on both copies end as soon as one of them is there."""
        place, side = at.split("@")
        if not place.startswith("db."):
            self.restart(side, FAIL_POINT=at)
            return
        # Leases are renewed all the time: the transaction that is meant is known by what it says.
        mark = TELLS.get(doing, scene.placement.encode())
        if side == "inventory" and doing == "place":
            mark = b'"productId":%d,"quantity":1' % scene.product["id"]
        strike = self.wire.before if place == "db.before_commit" else self.wire.after
        strike(mark, lambda: self.kill(side))

    def ended(self, at: str) -> None:
        """They have ended, at the point and nowhere else."""
        place, side = at.split("@")
        if place.startswith("db."):
            wait_until(lambda: self.wire.struck == 1, "the point is reached")
            wait_until(lambda: not any(part.running for part in self.copies[side]), "both ended")
            return
        wait_until(
            lambda: any(not part.running for part in self.copies[side]), "the point is reached"
        )
        codes = {part.process.poll() for part in self.copies[side]}
        self.kill(side)
        assert codes <= {None, FAILED}, codes
