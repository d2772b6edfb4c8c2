"""`microcommerce backup`: a whole shop at one moment, of a busy one too, or no backup at all."""

import shutil
import stat
import threading
from pathlib import Path

import pytest

from conftest import NewServer
from lib import store
from lib.books import OneProcess, check_at_rest
from lib.load import Buyer, Record
from lib.server import SERVICES, Server
from lib.shop import PASSWORD, Person, Shop, login
from lib.waiting import wait_until

#: What every backup of a shop that wrote a mail holds.
FILES = {f"{name}.db" for name in (*SERVICES, "log")} | {"databases", "secrets", "mail"}
BUYERS = 4


def back_up(server: Server, to: Path, check: bool = True) -> str:
    done = server.run("backup", str(to), check=check)
    return done.stdout + done.stderr


def restored(new_server: NewServer, name: str, backup: Path) -> Server:
    """A shop on a copy of the backup, as operations.md says it."""
    server = new_server(name)
    shutil.copytree(backup, server.data)
    assert "All is well" in server.run("doctor").stdout
    return server.start()


def test_a_busy_shop_is_backed_up_as_it_was_at_one_moment(
    new_server: NewServer, tmp_path: Path
) -> None:
    # A hold may be caught between being taken and its order: it lapses in the restored shop.
    server = new_server("busy", env={"INVENTORY_RESERVATION_TTL_SECONDS": "15"}).start()
    shop, record, over = Shop(server), Record(), threading.Event()
    people = [shop.user(f"Buyer {n}") for n in range(BUYERS)]
    products = [shop.product(stockQuantity=10_000)["id"] for _ in range(2)]
    threads = [Buyer(each, products, record, over, n) for n, each in enumerate(people)]
    before: list[list[int]] = []
    for thread in threads:
        thread.start()
    for round_ in range(3):
        more = 10 * (round_ + 1)
        wait_until(lambda more=more: len(record.made("/orders/me")) >= more, "some orders")
        before.append([write.reply.json["id"] for write in record.made("/orders/me")])
        back_up(server, tmp_path / f"backup{round_}")
    over.set()
    for thread in threads:
        thread.join(120)
    record.settle()
    assert not [write.reply for write in record.writes if write.reply.status >= 500]
    server.stop()

    for round_, acknowledged in enumerate(before):
        copy = restored(new_server, f"restored{round_}", tmp_path / f"backup{round_}")
        ids = {row[0] for row in store.query(store.file_of(copy, "order"), "SELECT id FROM orders")}
        assert set(acknowledged) <= ids
        books = check_at_rest(OneProcess(copy))
        assert set(products) <= set(books)
        assert login(copy, people[0].email, PASSWORD).status == 200
        assert copy.stop() == 0
        store.check_sound(copy)


@pytest.fixture
def shop_folder(new_server: NewServer) -> tuple[Server, Person]:
    server = new_server("shop").start()
    person = Shop(server).user("Alice")
    person.post("/auth/forgot-password", {"email": person.email})
    wait_until(lambda: any((server.data / "mail").glob("*.eml")), "a mail")
    return server, person


@pytest.mark.parametrize("runs", [True, False], ids=["running", "stopped"])
def test_a_backup_is_complete_and_for_its_owner_only(
    shop_folder: tuple[Server, Person], new_server: NewServer, tmp_path: Path, runs: bool
) -> None:
    server, person = shop_folder
    if not runs:
        server.stop()
    (tmp_path / "empty").mkdir(mode=0o755)
    told = back_up(server, tmp_path / "empty")
    assert "checked" in told and "settings" in told
    found = [tmp_path / "empty", *(tmp_path / "empty").rglob("*")]
    assert {path.name for path in found if path.parent == tmp_path / "empty"} == FILES
    for path in found:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert len(list((tmp_path / "empty/mail").iterdir())) == 1
    if runs:
        server.stop()
    copy = restored(new_server, "restored", tmp_path / "empty")
    assert Person(copy, person.account, PASSWORD, None).log_in().cart()["items"] == []


def test_what_cannot_be_backed_up_leaves_nothing_behind(
    shop_folder: tuple[Server, Person], tmp_path: Path
) -> None:
    server, _ = shop_folder
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine").write_text("mine")
    (tmp_path / "half.unfinished").mkdir()
    for name, sentence in (
        ("full", "is not an empty folder"),
        ("full/mine", "is not an empty folder"),
        ("half", "did not come to its end"),
        ("nowhere/backup", "there is no folder"),
    ):
        before = sorted(tmp_path.rglob("*"))
        done = server.run("backup", str(tmp_path / name), check=False)
        assert done.returncode == 1 and sentence in done.stderr, done
        assert [path for path in sorted(tmp_path.rglob("*")) if path not in before] == []
    assert (tmp_path / "full/mine").read_text() == "mine"

    server.env["DB_HOST"] = "db.example"
    assert "back up there" in back_up(server, tmp_path / "there", check=False)
    del server.env["DB_HOST"]
    server.stop()
    (server.data / "cart.db").write_bytes(b"x" * 8192)
    assert "cart.db" in back_up(server, tmp_path / "damaged", check=False)
    (server.data / "cart.db").unlink()
    assert "cart.db is missing" in back_up(server, tmp_path / "lost", check=False)
    shutil.rmtree(server.data)
    assert "there is no data folder" in back_up(server, tmp_path / "none", check=False)
    assert not server.data.exists()
    names = ("there", "damaged", "lost", "none")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(names)]
