"""The command itself: what it refuses, and that a password stays where it was."""

from pathlib import Path
from typing import Any

import pytest

from lib import store
from lib.old_node import OldSystem
from lib.old_node_rows import PASSWORDS, person
from lib.server import Server
from lib.shop import PASSWORD, Actor, login

SECRET = "hunter2-not-shown"


@pytest.fixture
def guarded(old: OldSystem) -> OldSystem:
    """Its schemas are open to an account with a password only."""
    old.at.query(f"CREATE OR REPLACE USER 'node'@'127.0.0.1' IDENTIFIED BY '{SECRET}'")
    for schema in old.schemas.values():
        old.at.query(f"GRANT SELECT ON `{schema}`.* TO 'node'@'127.0.0.1'")
    return old


def test_the_password_comes_in_the_address_by_file_or_by_environment(
    new_server: Any, guarded: OldSystem, tmp_path: Path
) -> None:
    with_it = guarded.address("user", "node", SECRET)
    without = guarded.address("user", "node")
    file = tmp_path / "password"
    file.write_text(SECRET + "\n")
    one, two, three = new_server("one"), new_server("two"), new_server("three")
    three.env["IMPORT_DB_PASSWORD"] = SECRET
    outputs = [
        one.run("import", "node", "--user-db", with_it),
        two.run("import", "node", "--user-db", without, "--password-file", str(file)),
        three.run("import", "node", "--user-db", without),
    ]
    for done in outputs:
        assert "5 brought in" in done.stdout
        assert SECRET not in done.stdout + done.stderr


def test_no_refusal_repeats_a_password(new_server: Any, guarded: OldSystem) -> None:
    server: Server = new_server()
    wrong = guarded.address("user", "node", SECRET + "x")
    for options, sentence in [
        (["--user-db", wrong], "Access denied"),
        (["--user-db", f"mysql://node:{SECRET}@127.0.0.1:1/x"], "127.0.0.1:1"),
        (["--user-db", f"mysql://node:{SECRET}@127.0.0.1"], "the name of one schema"),
        (["--user-db", f"postgres://node:{SECRET}@127.0.0.1/x"], "mysql://"),
        (["--user-db", guarded.address("user", "node", SECRET), "--time-zone", "Mars/Base"],
         "time zone"),
        (["--user-db", guarded.address("user", "node", SECRET), "--time-zone", "x'; DROP"],
         "--time-zone"),
        (["--user-db", guarded.address("order", "node", SECRET)], "does not look like"),
        (["--user-db", guarded.address("user", "node"), "--password-file", "none"],
         "no password can be read"),
        ([], "at least one"),
    ]:  # fmt: skip
        done = server.run("import", "node", *options, check=False)
        assert done.returncode == 1, options
        assert sentence in done.stderr, (options, done.stderr)
        assert SECRET not in done.stdout + done.stderr, options


def test_wrong_usage(new_server: Any) -> None:
    server: Server = new_server()
    for words in (["import"], ["import", "php"], ["import", "node", "--batch-rows", "0"],
                  ["import", "node", "--batch-rows", "5001"]):  # fmt: skip
        assert server.run(*words, check=False).returncode == 2, words


def test_a_shop_that_runs_is_left_alone(new_server: Any, old: OldSystem) -> None:
    server: Server = new_server()
    server.start()
    done = server.run("import", "node", *old.options(), check=False)
    assert done.returncode == 1
    assert str(server.pid) in done.stderr
    server.stop()
    server.run("import", "node", *old.options())


def test_a_datetime_is_of_the_zone_that_is_named_and_a_timestamp_of_none(
    new_server: Any, old: OldSystem
) -> None:
    utc, east = new_server("utc"), new_server("east")
    utc.run("import", "node", *old.options("user"))
    east.run("import", "node", *old.options("user"), "--time-zone", "+02:00")
    sql = "SELECT created_at, last_login_at FROM users WHERE id = 3"
    ((made, login_utc),) = store.query(store.file_of(utc, "user"), sql)
    ((made_east, login_east),) = store.query(store.file_of(east, "user"), sql)
    assert made == made_east == 1_709_287_200_000  # 2024-03-01T10:00:00Z
    assert login_utc - login_east == 2 * 3600 * 1000
    assert login_utc == 1_709_539_200_000  # 2024-03-04T08:00:00Z


def test_numbers_of_accounts_made_here_are_theirs(new_server: Any, old: OldSystem) -> None:
    """An admin was made before the import, so the number 1 is taken, and so is what hangs on it."""
    server: Server = new_server()
    server.run(
        "create-admin", "--email", "own@shop.example", "--password", PASSWORD, "--name", "Own"
    )
    old.run("order", "UPDATE orders SET user_id = 1 WHERE id = 104")
    old.add("cart", "carts", {"id": 71, "user_id": 1})
    done = server.run("import", "node", *old.options())
    assert "[number_taken] (numbers 1)" in done.stdout
    assert "[owner_is_another] (numbers 104)" in done.stdout
    assert "[owner_is_another] (numbers 71)" in done.stdout
    server.start()
    token = login(server, "own@shop.example", PASSWORD).expect(200)["token"]
    own = Actor(server, token)
    assert own.get("/orders/me").expect(200)["count"] == 0
    assert login(server, "ada@old.example", PASSWORDS[1][0]).status == 401


def test_an_account_mended_there_comes_with_the_next_run(
    new_server: Any, new_old: Any
) -> None:
    """Its number was kept free for it."""
    old = new_old(loose=True)
    old.add("user", "users", person(1, "Ada"), person(7, "Nil", email=""))
    server: Server = new_server()
    done = server.run("import", "node", *old.options("user"))
    assert "[no_email] (numbers 7)" in done.stdout
    old.run("user", "UPDATE users SET email = 'nil@old.example' WHERE id = 7")
    done = server.run("import", "node", *old.options("user"))
    assert "1 brought in" in done.stdout
    server.start()
    login(server, "nil@old.example", PASSWORDS[3][0]).expect(200)


def test_a_schema_without_addresses_is_as_good(new_server: Any, old: OldSystem) -> None:
    old.run("user", "DROP TABLE user_addresses")
    done = new_server().run("import", "node", *old.options("user"))
    assert "5 brought in" in done.stdout and "address" not in done.stdout
