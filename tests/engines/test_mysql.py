"""The shop with its databases at a MariaDB server: a customer's life, and the server's troubles."""

import http.client
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from conftest import NewServer
from lib.http import Reply
from lib.mariadb import MariaDb, missing
from lib.parallel import at_once
from lib.server import REPOSITORY, SERVICES, Server
from lib.shapes import check_error
from lib.shop import Shop
from lib.waiting import wait_until

UNAVAILABLE = "Service temporarily unavailable"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MariaDb, Server, Shop]]:
    """A database server that tests may stop, and a shop on it."""
    if why := missing():
        pytest.skip(f"MariaDB: {why}")
    folder: Path = tmp_path_factory.mktemp("own-mariadb")
    database = MariaDb(folder / "db")
    database.start()
    server = Server(folder / "shop", env=database.settings("shop", SERVICES))
    try:
        server.start()
        yield database, server, Shop(server)
    finally:
        if server.running:
            server.stop()
        database.stop()


def test_sign_up_fill_a_cart_order_and_cancel(own: tuple[MariaDb, Server, Shop]) -> None:
    database, _, shop = own
    buyer, cup = shop.user("Amélie 世界"), shop.product(price="4.50", stockQuantity=10)
    assert buyer.add(cup, 3)["totalAmount"] == 13.5
    order = buyer.order(cup, 2)
    assert (order["status"], order["totalAmount"]) == ("pending", 9)
    wait_until(lambda: buyer.cart()["totalAmount"] == 4.5, "one cup is left in the cart")
    assert buyer.patch(f"/orders/{order['id']}/cancel").expect(200)["status"] == "cancelled"
    rows = database.query(f"SELECT status FROM orders WHERE id = {order['id']}", "shop_order")
    assert rows == [("cancelled",)]


def test_what_the_document_says_to_run_at_a_new_server_is_enough(
    own: tuple[MariaDb, Server, Shop], new_server: NewServer
) -> None:
    database, _, _ = own
    text = (REPOSITORY / "docs/mysql.md").read_text()
    made = text.split("```sql\n", 1)[1].split("```", 1)[0]
    assert made.count("'…'") == 1
    database.query(made.replace("'…'", "'a password of the shop'"))
    at = {"DB_HOST": database.host, "DB_PORT": str(database.port), "DB_POOL_SIZE": "2"}
    server = new_server(env={**at, "DB_USER": "shop", "DB_PASSWORD": "a password of the shop"})
    first = Shop(server.start()).user("First")
    named = f"SELECT name FROM users WHERE id = {first.id}"
    assert database.query(named, "microcommerce_user") == [("First",)]


def test_of_twenty_racing_orders_for_one_line_one_wins(own: tuple[MariaDb, Server, Shop]) -> None:
    database, _, shop = own
    buyer, cup = shop.user("Hasty"), shop.product(stockQuantity=100)
    buyer.add(cup, 1)
    replies = at_once(20, lambda _: buyer.post("/orders/me", {"productId": cup["id"]}))
    statuses = sorted(reply.status for reply in replies)
    assert statuses[0] == 201 and statuses[1] >= 400, statuses
    assert max(statuses) < 500, statuses
    rows = database.query(f"SELECT COUNT(*) FROM orders WHERE user_id = {buyer.id}", "shop_order")
    assert rows == [("1",)]


def test_metrics_say_how_much_was_written_together(own: tuple[MariaDb, Server, Shop]) -> None:
    _, server, shop = own
    cup = shop.product(stockQuantity=10_000)
    buyers = [shop.user(f"Company {number}") for number in range(16)]

    def batched() -> int:
        plain = server.transport.send("inventory", "GET", "/metrics", [("Accept", "text/plain")])
        name = 'mc_db_batched_total{service="inventory-service"} '
        (row,) = [row for row in plain.text.splitlines() if row.startswith(name)]
        return int(row.removeprefix(name))

    def buy(at: int) -> int:
        buyers[at].add(cup, 1)
        return buyers[at].post("/orders/me", {"productId": cup["id"]}).status

    def some_went_together() -> bool:
        assert set(at_once(len(buyers), buy)) == {201}
        return batched() > 0

    wait_until(some_went_together, "holds that wait together are held together")


def test_racing_additions_to_one_cart_all_count(own: tuple[MariaDb, Server, Shop]) -> None:
    _, _, shop = own
    buyer = shop.user("Many hands")
    cups = [shop.product(price="1.00", stockQuantity=100) for _ in range(3)]
    body = [{"productId": cup["id"], "quantity": 1} for cup in cups] * 4
    replies = at_once(len(body), lambda at: buyer.post("/carts/me/items", body[at]))
    assert {reply.status for reply in replies} <= {200, 201}, [reply.status for reply in replies]
    assert sorted(line["quantity"] for line in buyer.cart()["items"]) == [4, 4, 4]


def test_a_database_server_that_restarts_loses_nothing(own: tuple[MariaDb, Server, Shop]) -> None:
    database, server, shop = own
    buyer, cup = shop.user("Patient"), shop.product(stockQuantity=100)
    order = buyer.buy(cup)
    database.kill()
    check_error(buyer.get(f"/orders/{order['id']}"), 503, UNAVAILABLE)
    check_error(buyer.post("/carts/me/items", {"productId": cup["id"], "quantity": 1}), 503)
    assert buyer.get("/health", service="order").status == 200
    database.start()
    wait_until(lambda: buyer.get(f"/orders/{order['id']}").status == 200, "orders are back")
    wait_until(lambda: buyer.get("/ready", service="order").status == 200, "it is ready again")
    assert buyer.buy(cup)["status"] == "pending"
    assert server.running


def test_a_key_settles_what_a_killed_database_server_left_unknown(
    own: tuple[MariaDb, Server, Shop],
) -> None:
    database, _, shop = own
    cup = shop.product(stockQuantity=1000)
    buyers = [shop.user(f"Careful {number}") for number in range(8)]
    for buyer in buyers:
        buyer.add(cup, 5)

    def order(at: int) -> Reply:
        body = {"productId": cup["id"], "quantity": 1}
        key = {"Idempotency-Key": f"careful-{buyers[at].id}"}
        return buyers[at].post("/orders/me", body, headers=key)

    def order_or_kill(at: int) -> int:
        if at == len(buyers):
            database.kill()
            return 0
        return order(at).status

    def is_placed(at: int) -> bool:
        return order(at).status == 201

    first = at_once(len(buyers) + 1, order_or_kill)
    assert set(first) <= {0, 201, 503}, first
    database.start()
    for at in range(len(buyers)):
        wait_until(partial(is_placed, at), "the order, new or replayed")
    ids = ", ".join(str(buyer.id) for buyer in buyers)
    counts = f"SELECT COUNT(*) FROM orders WHERE user_id IN ({ids}) GROUP BY user_id"
    assert database.query(counts, "shop_order") == [("1",)] * len(buyers)


def test_a_second_process_with_a_log_of_its_own_is_refused(
    own: tuple[MariaDb, Server, Shop], tmp_path: Path
) -> None:
    _, server, _ = own
    second = Server(tmp_path / "second", env=server.env)
    second.spawn()
    assert second.ended() == 1
    assert "another process works on this database with an event log of its own" in second.log


@pytest.mark.slow
def test_a_database_server_that_hangs_holds_nobody_up_for_long(
    own: tuple[MariaDb, Server, Shop],
) -> None:
    database, _, shop = own
    buyer, cup = shop.user("Waiting"), shop.product(stockQuantity=100)
    order = buyer.buy(cup)
    database.freeze()
    try:
        began = time.monotonic()
        check_error(buyer.get(f"/orders/{order['id']}"), 503, UNAVAILABLE)
        # It waits ten seconds for an answer, and somebody else may be served before.
        assert time.monotonic() - began < 50
    finally:
        database.thaw()
    wait_until(lambda: buyer.get(f"/orders/{order['id']}").status == 200, "orders are back")


def test_a_process_killed_under_load_keeps_what_it_promised(
    own: tuple[MariaDb, Server, Shop],
) -> None:
    database, server, shop = own
    cup = shop.product(stockQuantity=1000)
    buyers = [shop.user(f"Buyer {number}") for number in range(8)]
    for buyer in buyers:
        buyer.add(cup, 1)
    promised: list[int] = []

    def order(at: int) -> None:
        if at == len(buyers) // 2:
            server.kill()
            return
        try:
            reply = buyers[at].post("/orders/me", {"productId": cup["id"]})
        except (OSError, http.client.HTTPException):
            return
        if reply.status == 201:
            promised.append(reply.expect(201)["id"])

    at_once(len(buyers), order)
    server.restart()
    stored = {int(row[0]) for row in database.query("SELECT id FROM orders", "shop_order")}
    assert set(promised) <= stored
    wait_until(
        lambda: database.query("SELECT COUNT(*) FROM outbox", "shop_order") == [("0",)],
        "every event is sent",
    )
