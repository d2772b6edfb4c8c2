"""An import never leaves the shop without somebody who can administrate it."""

import json
from pathlib import Path

import pytest

from lib.old_node import OldSystem
from lib.old_node_rows import PASSWORDS
from lib.server import Server
from lib.shop import Actor, login


def ada_of(server: Server) -> Actor:
    token = login(server, "ada@old.example", PASSWORDS[1][0]).expect(200)["token"]
    return Actor(server, token)


@pytest.mark.parametrize(
    "change",
    ["role = 'user'", "account_status = 'blocked'"],
    ids=["demoted", "blocked"],
)
def test_the_last_admin_stays_one_whatever_became_of_it_there(
    target: Server, old: OldSystem, tmp_path: Path, change: str
) -> None:
    target.run("import", "node", *old.options("user"))
    old.run("user", f"UPDATE users SET {change}, name = 'Ada L.' WHERE id = 1")
    report = tmp_path / "rows.json"
    done = target.run("import", "node", *old.options("user"), "--report", str(report))
    assert "[last_admin] (numbers 1)" in done.stdout
    rows = json.loads(report.read_text())["rows"]
    (ada,) = [each for each in rows if (each["kind"], each["id"]) == ("user", 1)]
    assert (ada["outcome"], ada["why"]) == ("skipped", ["last_admin"])
    target.start()
    ada_now = ada_of(target).get("/users/1").expect(200)
    assert (ada_now["role"], ada_now["accountStatus"]) == ("admin", "active")
    assert ada_now["name"] == "Ada"  # All of the row or nothing.
    ada_of(target).get("/auth/users").expect(200)


def test_once_there_is_another_admin_the_first_goes_as_it_did_there(
    target: Server, old: OldSystem
) -> None:
    target.run("import", "node", *old.options("user"))
    old.run(
        "user",
        "UPDATE users SET role = 'user' WHERE id = 1",
        "UPDATE users SET role = 'admin' WHERE id = 3",
    )
    # Rows come by their numbers, so the new admin is not there when it is the old one's turn.
    done = target.run("import", "node", *old.options("user"))
    assert "[last_admin] (numbers 1)" in done.stdout
    done = target.run("import", "node", *old.options("user"))
    assert "last_admin" not in done.stdout
    target.start()
    assert ada_of(target).get("/auth/users").status == 403
    token = login(target, "carl@old.example", PASSWORDS[3][0]).expect(200)["token"]
    everybody = Actor(target, token).get("/auth/users").expect(200)
    assert [each["id"] for each in everybody if each["role"] == "admin"] == [3]


def test_an_admin_made_here_is_enough(target: Server, old: OldSystem) -> None:
    target.run("import", "node", *old.options("user"))
    target.run(
        "create-admin",
        "--email",
        "owner@here.example",
        "--name",
        "Owner",
        "--password",
        "seven lamps at sea",
    )
    old.run("user", "UPDATE users SET role = 'user' WHERE id = 1")
    done = target.run("import", "node", *old.options("user"))
    assert "last_admin" not in done.stdout
    target.start()
    assert ada_of(target).get("/auth/users").status == 403
