"""A new version without a pause: a new copy of a service comes, the old one goes, and nobody who
buys meanwhile is turned away.
"""

import threading
from typing import Any

from lib.apart import PASSWORD, Apart, compose
from lib.http import Transport
from lib.mariadb import MariaDb
from lib.server import Server
from lib.shop import Actor, Person, fresh_email
from lib.waiting import wait_until

BUYERS = 4
#: Orders before the new copy comes, and after the old one has gone.
ORDERS_EACH = 40
#: As long as whoever balances may still send to a copy that goes (ms). Here that is a thread which
#: has looked up the port and stands still before it connects.
DRAIN_DELAY_MS = 5000


class Balanced:
    """What a buyer sees: a connection of its own for each request, to the copy that is current."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports

    @property
    def transport(self) -> Transport:
        return Transport(self.ports)


def test_a_new_copy_of_a_service_takes_over_and_no_order_fails(
    secrets_made: dict[str, str], servers: dict[str, str], database: MariaDb, new_server: Any
) -> None:
    apart = Apart(
        new_server, compose(secrets_made), {**servers, "DRAIN_DELAY_MS": str(DRAIN_DELAY_MS)}
    )
    mug = apart.product()
    ports = dict(apart.transport.ports)
    balanced: Any = Balanced(ports)
    placed: list[int] = []
    trouble: list[str] = []
    enough = threading.Event()

    def keep_buying() -> None:
        try:
            wanted = {"name": "Buyer", "email": fresh_email("buyer"), "password": PASSWORD}
            account = Actor(balanced).post("/auth/signup", wanted).expect(201)
            buyer = Person(balanced, account, PASSWORD, None).log_in()
            while not enough.is_set():
                placed.append(buyer.buy(mug)["id"])
            wait_until(lambda: buyer.cart()["items"] == [], "all that was ordered left the cart")
        except BaseException as why:
            trouble.append(repr(why))
            raise

    buyers = [threading.Thread(target=keep_buying) for _ in range(BUYERS)]
    for each in buyers:
        each.start()
    try:

        def more_orders(count: int) -> None:
            wanted = len(placed) + count
            wait_until(lambda: trouble or len(placed) >= wanted, f"{wanted} orders", 180)
            assert trouble == []

        more_orders(ORDERS_EACH)
        old: Server = apart.parts["order"]
        new: Server = new_server("order-new", services=["order"])
        new.env.update({key: value for key, value in old.env.items() if key != "PORT_OFFSET"})
        new.start()  # Until /ready says 200.
        ports["order"] = new.ports["order"]
        old.ask_to_stop()
        assert old.ended() == 0
        more_orders(ORDERS_EACH)
    finally:
        enough.set()
        for each in buyers:
            each.join(180)

    assert trouble == []
    assert len(set(placed)) == len(placed) >= 2 * ORDERS_EACH
    there = {int(row[0]) for row in database.query("SELECT id FROM orders", "microcommerce_order")}
    assert set(placed) <= there
    # The new copy sends what the old one left behind.
    wait_until(
        lambda: database.query("SELECT COUNT(*) FROM outbox", "microcommerce_order") == [("0",)],
        "every event was sent",
    )
