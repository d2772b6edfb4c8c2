"""What docs/mysql.md says of round trips, counted anew with the server's general log."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.mariadb import MariaDb, missing
from lib.server import REPOSITORY, SERVICES, Server
from lib.shop import Person, Shop, login, unique

#: A transaction with one of these goes on by itself (events, leases, mails, what falls due), or is
#: a look at the caller's account, which the page names apart: it depends on when the last one was.
NOT_COUNTED = re.compile(
    r"\b(leases|dead_letters|consumer_offsets|inbox|mails|accounts)\b|FROM outbox\b|general_log"
    r"|FROM holds\s+WHERE state = 'held'|\btold_version\b|is_untold = 1 LIMIT"
    r"|expires_at (<=|IS NOT NULL)",
    re.IGNORECASE,
)
ENDS = ("COMMIT", "ROLLBACK")
CHANGES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MariaDb, Shop]]:
    if why := missing():
        pytest.skip(f"MariaDB: {why}")
    folder: Path = tmp_path_factory.mktemp("logged-mariadb")
    database = MariaDb(folder / "db")
    database.start()
    database.query("SET GLOBAL log_output = 'TABLE', general_log = 1")
    server = Server(folder / "shop", env=database.settings("shop", SERVICES))
    try:
        server.start()
        yield database, Shop(server)
    finally:
        if server.running:
            server.stop()
        database.stop()


def documented() -> dict[str, int]:
    """The last column of the table, by the request as it stands in the first one."""
    text = (REPOSITORY / "docs/mysql.md").read_text("utf-8").partition("## Round trips")[2]
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip(): int(row[-1]) for row in rows}


def waited_for(database: MariaDb, began: str) -> int:
    """Statements since then, and COMMITs of what changed something. Nobody waits for a COMMIT of
    what only read, nor for a ROLLBACK.
    """
    lines = database.query(
        "SELECT thread_id, REPLACE(CONVERT(argument USING utf8mb4), '\n', ' ') FROM general_log "
        f"WHERE command_type IN ('Execute', 'Query') AND event_time > '{began}' "
        "ORDER BY event_time",
        "mysql",
    )
    # A connection for look-ups begins and ends nothing: each statement there stands for itself.
    looking_up = database.query(
        "SELECT DISTINCT thread_id FROM general_log "
        "WHERE argument LIKE 'SET SESSION autocommit = 1%'",
        "mysql",
    )
    transactions: list[list[str]] = []
    latest: dict[str, list[str]] = {}
    for thread, text in lines:
        if text in ENDS:
            latest.pop(thread, []).append(text)
        elif thread in latest:
            latest[thread].append(text)
        else:
            transactions.append([text])
            if (thread,) not in looking_up:
                latest[thread] = transactions[-1]
    count = 0
    for texts in transactions:
        if any(NOT_COUNTED.search(each) for each in texts):
            continue
        changes = any(CHANGES.match(each) for each in texts)
        count += len([each for each in texts if each not in ENDS])
        count += 1 if changes and texts[-1] == "COMMIT" else 0
    return count


#: How often a request is counted at least, and at most until it is as the page says.
LOOKS_MIN, LOOKS_MAX = 4, 24


def counted(database: MariaDb, ask: Callable[[], object], said: int) -> int:
    """The least of several: whatever else goes on may fall into one."""
    found: list[int] = []
    ask()
    while len(found) < LOOKS_MIN or min(found) > said and len(found) < LOOKS_MAX:
        ((began,),) = database.query("SELECT NOW(6) AS general_log")
        ask()
        found.append(waited_for(database, began))
    return min(found)


def requests(shop: Shop, buyer: Person, cup: dict[str, object]) -> dict[str, Callable[[], object]]:
    one = {"productId": cup["id"], "quantity": 1}
    known = buyer.order(cup, 1)["id"]

    return {
        "`GET /products/:id`": lambda: buyer.get(f"/products/{cup['id']}").expect(200),
        "`GET /products`": lambda: buyer.get("/products").expect(200),
        "`GET /auth/session`": lambda: buyer.get("/auth/session").expect(200),
        "`GET /carts/me`": lambda: buyer.cart(),
        "`GET /orders/:id`": lambda: buyer.get(f"/orders/{known}").expect(200),
        "`GET /orders/me`": lambda: buyer.get("/orders/me").expect(200),
        "`POST /carts/me/items`": lambda: buyer.add(cup, 1),
        "`POST /orders/me`, one line": lambda: buyer.order(cup, 1),
        "`POST /orders/me` with `Idempotency-Key`": lambda: buyer.post(
            "/orders/me", one, headers={"Idempotency-Key": unique("key").replace(" ", "-")}
        ).expect(201),
        "`POST /auth/login`": lambda: login(shop.server, buyer.email, buyer.password).expect(200),
        "`POST /auth/signup`": lambda: shop.sign_up(unique("Somebody")),
    }


@pytest.mark.slow
def test_requests_make_as_many_round_trips_as_the_page_says(
    logged: tuple[MariaDb, Shop],
) -> None:
    database, shop = logged
    buyer, cup = shop.user("Counted"), shop.product(stockQuantity=1_000_000)
    buyer.add(cup, 1000)
    asked = requests(shop, buyer, cup)
    said = documented()
    assert set(asked) <= set(said), "docs/mysql.md names the requests that are counted here"
    found = {name: counted(database, ask, said[name]) for name, ask in asked.items()}
    assert found == {name: said[name] for name in asked}
