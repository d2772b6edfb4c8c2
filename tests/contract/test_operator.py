"""What an operator does by mistake or in an emergency: nothing is made that was not asked for,
nothing happens without a trace.
"""

import time
from pathlib import Path

import pytest

from conftest import NewServer
from lib import events
from lib.raw import connect
from lib.server import Server, run_binary
from lib.shop import PASSWORD, Shop, fresh_email, login
from lib.timing import again_when_late, check_in_time
from lib.waiting import wait_until


@pytest.mark.parametrize(
    "command",
    [
        ("events", "list"),
        ("events", "dead", "list"),
        ("events", "dead", "replay", "cart", "1"),
        ("events", "rebuild", "cart"),
        ("mail", "list"),
        ("mail", "show", "--to", "a@example.com"),
    ],
    ids=" ".join,
)
def test_a_mistyped_folder_is_named_and_not_made(
    scratch: dict, tmp_path: Path, command: tuple[str, ...]
) -> None:
    missing, empty = tmp_path / "typo", tmp_path / "empty"
    empty.mkdir()
    done = run_binary(*command, "--data-dir", str(missing), **scratch)
    assert done.returncode == 1 and f"there is no data folder {missing}" in done.stderr
    assert not missing.exists()
    done = run_binary(*command, "--data-dir", str(empty), **scratch)
    assert done.returncode == 1 and f"{empty} is no data folder" in done.stderr
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("option", ["--data-dir", "--env-file"])
def test_an_empty_path_is_refused(scratch: dict, tmp_path: Path, option: str) -> None:
    done = run_binary("config", option, "", **scratch)
    assert done.returncode == 2 and option in done.stderr and "empty" in done.stderr
    done = run_binary("migrate", f"{option}=", **scratch)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_cannot_listen_leaves_no_folder(
    scratch: dict, server: Server, tmp_path: Path
) -> None:
    where = ("serve", "--data-dir", str(tmp_path / "data"))
    for wrong in (
        {"PORT_OFFSET": str(server.offset)},
        {"HOST": "999.1.1.1"},
        {"JWT_SECRET": "short"},
    ):
        environment = {**scratch["env"], **wrong}
        done = run_binary(*where, env=environment, cwd=tmp_path)
        assert done.returncode == 1 and done.stderr.count("microcommerce: ") == 1
        assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["config", "doctor", "migrate", "serve"])
def test_faults_of_settings_are_told_by_every_command_a_line_each(
    scratch: dict, command: str
) -> None:
    scratch["env"].update(HOST="999.1.1.1", JWT_SECRET="short", RATE_LIMIT_MAX="lots")
    done = run_binary(command, **scratch)
    assert done.returncode == 1 and done.stdout == ""
    first, *lines = [line for line in done.stderr.splitlines() if line]
    assert first == "microcommerce: The configuration cannot be used:"
    assert sorted(line.split()[0] for line in lines) == ["HOST", "JWT_SECRET", "RATE_LIMIT_MAX"]
    assert "  JWT_SECRET must have at least 32 bytes" in lines


def test_migrate_says_what_it_made_and_names_the_log(scratch: dict, tmp_path: Path) -> None:
    for word in ("made", "up to date"):
        done = run_binary("migrate", "--data-dir", f"{tmp_path}/data/", **scratch)
        lines = done.stdout.splitlines()
        assert sorted(Path(line.split(": ")[0]).name for line in lines) == [
            *("cart.db", "inventory.db", "log.db", "order.db", "product.db", "user.db")
        ]
        assert {line.split(": ")[1] for line in lines} == {word}


def test_commands_leave_a_line_in_the_log_and_no_password(shop: Shop) -> None:
    email = fresh_email("second")
    named = ("--email", email, "--name", "Second", "--password", PASSWORD)
    shop.server.run("create-admin", *named)
    assert shop.server.run("create-admin", *named[:-1], "short", check=False).returncode == 1
    assert shop.server.run("events", "dead", "drop", "cart", "999", check=False).returncode == 1
    shop.server.run("events", "dead", "list")
    wait_until(lambda: "drop-dead" in shop.server.log, "the commands in the log")
    lines = [line for line in shop.server.log.splitlines() if " command_" in line]
    made, refused, dropped = lines[-3:]
    assert "command_done" in made and "create-admin" in made and email in made
    assert "command_refused" in refused and email in refused and "8" in refused
    assert "command_refused" in dropped and "cart 999" in dropped
    assert PASSWORD not in shop.server.log


def test_an_admin_is_made_in_the_environment_of_the_user_services_process(
    new_server: NewServer,
) -> None:
    server = new_server(services=["user"], env={"KAFKA_GROUP_ID": "the-users"})
    for email in (fresh_email("stopped"), fresh_email("running")):
        server.run("create-admin", "--email", email, "--name", "Ada", "--password", PASSWORD)
        if not server.running:
            server.start()
        assert login(server, email, PASSWORD).expect(200)["token"]
    # Whoever speaks to no single service is still asked which one is meant.
    done = server.run("doctor", check=False)
    assert done.returncode == 1 and "KAFKA_GROUP_ID is ambiguous" in done.stderr


def test_a_filter_that_finds_nothing_says_so(shop: Shop) -> None:
    events.wait_for(shop.server, "USER_CREATED", shop.user().id)
    done = shop.server.run("events", "list", "--type", "NOPE")
    assert done.stdout == "" and "no event" in done.stderr
    done = shop.server.run("events", "list", "--type", "USER_CREATED")
    assert done.stdout and done.stderr == ""


def test_every_help_shows_the_options_that_go_with_every_command(scratch: dict) -> None:
    for command in (["serve"], ["doctor"], ["events", "dead", "replay"], ["mail", "show"]):
        text = run_binary(*command, "--help", **scratch).stdout
        assert "--data-dir FOLDER" in text and "--env-file FILE" in text
    text = run_binary("serve", "--help", **scratch).stdout
    assert "--port-offset N " in text and "0 to 60000" in text and "INT" not in text
    done = run_binary("--version", **scratch)
    assert done.returncode == 0 and done.stdout == run_binary("version", **scratch).stdout


@again_when_late
def test_a_stop_waits_for_no_half_head_and_leaves_no_socket(new_server: NewServer) -> None:
    server = new_server().start()
    assert (server.data / "control.sock").exists()
    with connect(server.ports["product"]) as half:
        half.sendall(b"GET /products HTTP/1.1\r\nHo")
        began = time.monotonic()
        assert server.stop() == 0
    assert not (server.data / "control.sock").exists()
    # It would have had five seconds for its head.
    check_in_time(time.monotonic() - began, 3.0, "the stop")


def test_the_banner_comes_after_the_lines_of_the_first_start(new_server: NewServer) -> None:
    server = new_server(arguments=["--demo"]).start()
    # The services answer before their welcome is written.
    wait_until(lambda: "Ctrl-C stops it." in server.log, "the banner")
    before, after = server.log.split("Ctrl-C stops it.")
    for line in ("db_migrated", "listening"):
        assert line in before and line not in after


def test_a_lost_log_is_named_and_nobody_is_fewer_than_none_behind(new_server: NewServer) -> None:
    server = new_server().start()
    shop = Shop(server)
    for _ in range(3):
        shop.user()

    def ready(service: str) -> str:
        return server.transport.send(service, "GET", "/ready").text

    wait_until(lambda: "ok, 0 behind" in ready("cart"), "all heard")
    assert server.stop() == 0
    for path in server.data.glob("log.db*"):
        path.unlink()
    server.start()
    # A service is ready before its reader has looked where it stands, and says so until then.
    wait_until(lambda: "log_is_shorter_than_known" in server.log, "the lost log is named")
    for service in server.ports:
        wait_until(lambda of=service: "ok, 0 behind" in ready(of), f"{service} has looked, too")
        plain = server.transport.send(service, "GET", "/metrics", [("Accept", "text/plain")])
        lags = [row for row in plain.text.splitlines() if row.startswith("mc_consumer_lag{")]
        assert lags and all(float(row.split()[-1]) >= 0 for row in lags)
    shop.user()
