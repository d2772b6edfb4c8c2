"""Two copies of the whole shop on one MariaDB and one Kafka: whoever a request meets, it is the
same shop, and one copy's death is not the shop's.
"""

import itertools
import time

import pytest

from lib.kafka import Kafka
from lib.kafka_clients import NewKafkaServer
from lib.mariadb import MariaDb
from lib.parallel import at_once
from lib.server import SERVICES, Server
from lib.shop import Person, Shop
from lib.timing import EVERYWHERE_SECONDS, again_when_late, check_in_time
from lib.waiting import wait_until

_numbers = itertools.count(1)
SHARED_SECRET = "both-copies-speak-with-this-0123456789abcdef"


@pytest.fixture
def copies(kafka: Kafka, on_kafka: NewKafkaServer, database: MariaDb) -> tuple[Server, Server]:
    prefix = f"copies{next(_numbers)}"
    env = database.settings(prefix, SERVICES)
    env["INTERNAL_TOKEN_SECRET"] = SHARED_SECRET
    made = [on_kafka(kafka, name, prefix=prefix, env=env) for name in ("one", "two")]
    at_once(2, lambda n: made[n].start())  # Both bring the schema up to date.
    return made[0], made[1]


def at(copy: Server, person: Person) -> Person:
    return Person(copy, person.account, person.password, person.token)


@pytest.mark.slow
def test_two_copies_are_one_shop(copies: tuple[Server, Server], database: MariaDb) -> None:
    one, two = copies
    shop = Shop(one)
    cup = shop.product(price="4.50", stockQuantity=1000)
    buyers = [shop.user(f"Buyer {number}") for number in range(6)]
    for buyer in buyers:
        buyer.add(cup, 5)
        assert at(two, buyer).cart()["totalAmount"] == 22.5

    # Each orders once at each copy, all at the same moment.
    placed = at_once(
        2 * len(buyers),
        lambda n: at(copies[n % 2], buyers[n // 2])
        .post("/orders/me", {"productId": cup["id"], "quantity": 1})
        .expect(201),
    )
    assert len({order["id"] for order in placed}) == len(placed)
    for buyer in buyers:
        wait_until(lambda b=buyer: b.cart()["totalAmount"] == 13.5, "both orders took their unit")
        assert len(at(two, buyer).get("/orders/me").expect(200)["orders"]) == 2

    one.kill()
    for buyer in buyers:
        rest = at(two, buyer)
        rest.post("/orders/me", {"productId": cup["id"], "quantity": 1}).expect(201)
        wait_until(lambda r=rest: r.cart()["totalAmount"] == 9, "the third order took its unit")
    wait_until(
        lambda: database.query("SELECT id FROM outbox", one.env["ORDER_DB_NAME"]) == [],
        "the other copy sends what is left",
    )
    one.restart()
    assert buyers[0].get("/orders/me").expect(200)["orders"][0]["status"] == "pending"
    uses = "SELECT used, COUNT(*) FROM cart_use GROUP BY used"
    used = database.query(uses, one.env["ORDER_DB_NAME"])
    assert used == [("3", str(len(buyers)))]


@pytest.mark.slow
@again_when_late
def test_a_session_ended_at_one_copy_ends_at_both_within_a_second(
    copies: tuple[Server, Server], database: MariaDb
) -> None:
    one, two = copies
    shop = Shop(one)
    leaving, staying = shop.user("Leaving"), shop.user("Staying")
    epoch = f"SELECT session_epoch FROM accounts WHERE user_id = {leaving.id}"
    schema = one.env["CART_DB_NAME"]
    for copy in copies:
        wait_until(lambda: bool(database.query(epoch, schema)), "cart has heard of them")
        at(copy, leaving).get("/carts/me").expect(200)
        at(copy, staying).get("/carts/me").expect(200)
    before = database.query(epoch, schema)

    assert leaving.post("/auth/logout").status == 204
    wait_until(lambda: database.query(epoch, schema) != before, "cart has heard of it")
    heard = time.monotonic()
    for copy in copies:
        wait_until(
            lambda c=copy: at(c, leaving).get("/carts/me").status == 401, "it is refused there"
        )
    # What a copy read of an account before it believes for half a second.
    check_in_time(time.monotonic() - heard, EVERYWHERE_SECONDS, "it is refused at both")
    for copy in copies:
        at(copy, staying).get("/carts/me").expect(200)
