"""`microcommerce doctor`: what is well, what is not, what to do about it. It changes nothing."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from conftest import NewServer
from lib.server import SERVICES, Server, run_binary
from lib.shop import Shop

MEND = "stop, and restore the whole backup, all databases together"


def doctor(scratch: dict, data: Path, *more: str) -> tuple[int, str]:
    done = run_binary("doctor", "--data-dir", str(data), *more, **scratch)
    return done.returncode, done.stdout


@pytest.fixture
def shop_folder(scratch: dict, tmp_path: Path) -> Path:
    """A data folder with everything in it, and no process on it."""
    data = tmp_path / "data"
    assert run_binary("migrate", "--data-dir", str(data), **scratch).returncode == 0
    assert doctor(scratch, data)[0] == 0
    return data


def wrongs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("WRONG")]


def test_doctor_says_all_is_well_or_what_is_not(scratch: dict, tmp_path: Path) -> None:
    done = run_binary("doctor", "--data-dir", str(tmp_path / "data"), **scratch)
    assert done.returncode == 0, done
    scratch["env"]["JWT_SECRET"] = "short"
    done = run_binary("doctor", "--data-dir", str(tmp_path / "data"), **scratch)
    assert done.returncode != 0 and "JWT_SECRET" in done.stdout + done.stderr


def test_a_folder_that_others_can_write_into_is_refused_until_it_is_mended(
    scratch: dict, shop_folder: Path
) -> None:
    shop_folder.chmod(0o770)
    code, said = doctor(scratch, shop_folder)
    assert code == 1 and f"chmod go-w {shop_folder}" in said
    for verb in (["migrate"], ["seed-demo"]):
        done = run_binary(*verb, "--data-dir", str(shop_folder), **scratch)
        assert done.returncode == 1 and f"`chmod go-w {shop_folder}`" in done.stderr, done
    shop_folder.chmod(0o750)
    assert doctor(scratch, shop_folder)[0] == 0


def process_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if " process " in line]


def test_doctor_beside_a_running_server(server: Server) -> None:
    done = server.run("doctor")
    (line,) = process_lines(done.stdout)
    assert str(server.pid) in line and f"user:{3001 + server.offset}" in line


def test_doctor_says_that_a_database_is_newer_than_the_program(
    scratch: dict, tmp_path: Path
) -> None:
    where = ("--data-dir", str(tmp_path / "data"))
    assert run_binary("migrate", *where, **scratch).returncode == 0
    done = run_binary("doctor", *where, **scratch)
    assert done.returncode == 0, done.stdout
    assert len(process_lines(done.stdout)) == 1
    with sqlite3.connect(tmp_path / "data" / "cart.db") as connection:
        connection.execute("INSERT INTO schema_migrations VALUES ('service', 99, 'gifts', '', 0)")
    connection.close()
    done = run_binary("doctor", *where, **scratch)
    assert done.returncode == 1
    assert "WRONG cart.db" in done.stdout and "service migration 0099_gifts" in done.stdout
    assert "WRONG order.db" not in done.stdout


@pytest.mark.parametrize("name", ["user", "product", "cart", "order", "inventory", "log"])
def test_a_lost_database_is_not_all_is_well(scratch: dict, shop_folder: Path, name: str) -> None:
    for path in shop_folder.glob(f"{name}.db*"):
        path.unlink()
    code, text = doctor(scratch, shop_folder)
    (line,) = wrongs(text)
    assert code == 1 and line.startswith(f"WRONG {name}.db") and "is missing" in line
    assert MEND in text and "All is well" not in text
    assert not (shop_folder / f"{name}.db").exists()


def test_lost_keys_are_wrong_and_are_not_made_by_looking(scratch: dict, shop_folder: Path) -> None:
    shutil.rmtree(shop_folder / "secrets")
    code, text = doctor(scratch, shop_folder)
    assert code == 1 and "secrets/jwt is missing" in wrongs(text)[0]
    assert "restore secrets/ from the backup" in text
    assert not (shop_folder / "secrets").exists()


def test_before_the_first_start_nothing_is_missing_and_nothing_is_made(
    scratch: dict, tmp_path: Path
) -> None:
    code, text = doctor(scratch, tmp_path / "data")
    assert code == 0 and "All is well." in text
    assert "ok    settings     can be used\n" in text
    assert not (tmp_path / "data").exists()


def test_damage_is_one_line_and_the_mend_is_the_whole_backup(
    scratch: dict, shop_folder: Path
) -> None:
    path = shop_folder / "order.db"
    text = path.read_bytes()
    path.write_bytes(text[:4096] + b"\xff" * 8192 + text[12288:])
    code, said = doctor(scratch, shop_folder)
    (line,) = wrongs(said)
    assert code == 1 and line.startswith("WRONG order.db")
    assert said.splitlines()[said.splitlines().index(line) + 1].strip() == f"→ {MEND}"


def test_a_taken_port_and_the_offset_that_is_free(
    scratch: dict, server: Server, tmp_path: Path
) -> None:
    scratch["env"]["PORT_OFFSET"] = str(server.offset)
    code, text = doctor(scratch, tmp_path / "data")
    assert code == 1 and len(wrongs(text)) == len(SERVICES)
    assert f"user: port 127.0.0.1:{server.ports['user']} is taken" in text
    free = "59000"
    assert doctor(scratch, tmp_path / "data", "--port-offset", free)[0] == 0


def test_a_server_whose_user_database_is_gone_is_not_started(new_server: NewServer) -> None:
    server = new_server().start()
    Shop(server).user("Alice")
    assert server.stop() == 0
    for path in server.data.glob("user.db*"):
        path.unlink()
    server.spawn()
    assert server.ended() == 1
    assert "user.db is missing" in server.log and "restore the whole backup" in server.log
    assert not (server.data / "user.db").exists()
    # Nor by a command that would make it.
    done = server.run(
        *("create-admin", "--email", "a@example.com", "--name", "A", "--password", "Lamp-at-sea-7"),
        check=False,
    )
    assert done.returncode == 1 and "user.db is missing" in done.stderr
