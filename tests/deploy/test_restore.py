"""Services apart, their databases put back to an earlier moment: what was told since then is in
Kafka still, and must not come true a second time.
"""

import shutil
from pathlib import Path
from typing import Any

from lib.apart import PASSWORD, Apart, compose
from lib.mariadb import FOLDERS, MariaDb
from lib.server import SERVICES
from lib.shop import Actor, Person, fresh_email, login
from lib.tools import run
from lib.waiting import wait_until

TOPICS = ("user", "product", "order", "inventory")


def sign_up(server: Any, name: str) -> Person:
    wanted = {"name": name, "email": fresh_email(name), "password": PASSWORD}
    account = Actor(server).post("/auth/signup", wanted).expect(201)
    return Person(server, account, PASSWORD, None).log_in()


def server_program(name: str, database: MariaDb) -> list[str]:
    found = shutil.which(name, path=FOLDERS)
    assert found
    at = [f"--host={database.host}", f"--port={database.port}", f"--user={database.user}"]
    return [found, "--no-defaults", "--protocol=tcp", *at]


def empty(person: Person) -> bool:
    return person.cart()["items"] == []


def test_after_a_restore_with_new_topics_the_shop_goes_on_from_the_backup(
    secrets_made: dict[str, str],
    servers: dict[str, str],
    database: MariaDb,
    new_server: Any,
    tmp_path: Path,
) -> None:
    apart = Apart(new_server, compose(secrets_made), servers)
    server: Any = apart
    mug = apart.product()
    alice = sign_up(server, "Alice")
    kept = alice.buy(mug, 2)
    wait_until(lambda: empty(alice), "the cart heard of the order")
    alice.add(mug, 5)

    names = [f"microcommerce_{name}" for name in SERVICES]
    options = ["--single-transaction", "--hex-blob", "--add-drop-database", "--databases", *names]
    backup = tmp_path / "shop.sql"
    run(*server_program("mariadb-dump", database), f"--result-file={backup}", *options)

    lost = alice.order(mug)
    late = sign_up(server, "Late")
    wait_until(lambda: empty(alice), "the cart heard of the order that will be lost")

    for part in apart.parts.values():
        part.stop()
    with backup.open() as sql:
        run(*server_program("mariadb", database), stdin=sql)
    for part in apart.parts.values():
        part.env.update(
            {f"KAFKA_{name.upper()}_EVENTS_TOPIC": f"{name}-events-restored" for name in TOPICS}
        )
        part.start()

    alice = alice.log_in()
    assert [one["id"] for one in alice.get("/orders/me").expect(200)["orders"]] == [kept["id"]]
    assert login(server, late.email, PASSWORD).status == 401
    # What was in the cart at the backup is there: the lost order did not take it a second time.
    assert [line["quantity"] for line in alice.cart()["items"]] == [5]
    again = alice.order(mug)
    assert again["id"] >= lost["id"]
    wait_until(lambda: empty(alice), "the cart heard of the new order")
