"""reliability.md: starting, draining, stopping; one data folder, one process."""

import http.client
import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import NewServer
from lib import raw
from lib.load import one_shot
from lib.server import BINARY, SERVICES, STOP_SECONDS_MAX, Server, run_binary
from lib.shop import Actor, Shop
from lib.timing import again_when_late, check_in_time
from lib.waiting import wait_until


@pytest.fixture
def own(new_server: NewServer) -> Server:
    return new_server().start()


#: For folders of servers.
_numbers = itertools.count(1)


class Visitor(threading.Thread):
    """Asks without a pause on connections of its own, until nobody listens any more."""

    def __init__(
        self, server: Server, service: str, token: str, target: str, body: dict | None
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.service, self.token, self.target, self.body = (
            server,
            service,
            token,
            target,
            body,
        )
        self.good = 0
        self.failed: list[str] = []

    def run(self) -> None:
        while True:
            try:
                method = "GET" if self.body is None else "POST"
                reply = one_shot(
                    self.server, self.service, method, self.target, self.token, self.body
                )
            except ConnectionRefusedError:
                return
            except (OSError, http.client.HTTPException) as problem:
                self.failed.append(repr(problem))
                return
            if reply.status in (200, 201):
                self.good += 1
            else:
                self.failed.append(str(reply))


@again_when_late
def test_sigterm_under_load_fails_no_request_and_takes_at_most_five_seconds(
    new_server: NewServer, size: Callable[[int, int], int]
) -> None:
    for round_number in range(size(3, 100)):
        server = new_server(f"drain-{next(_numbers)}").start()
        shop = Shop(server)
        person, product = shop.user(), shop.product(stockQuantity=4_000_000_000)
        add = {"productId": product["id"], "quantity": 1}
        visitors = [
            Visitor(server, "product", person.token, "/products", None),
            Visitor(server, "cart", person.token, "/carts/me/items", add),
            Visitor(server, "order", person.token, "/orders/me", None),
            Visitor(
                server,
                "user",
                person.token,
                "/auth/login",
                {"email": person.email, "password": person.password},
            ),
        ]
        for visitor in visitors:
            visitor.start()
        wait_until(
            lambda all_of=visitors: all(visitor.good >= 3 for visitor in all_of),
            "the load is under way",
        )
        began = time.monotonic()
        assert server.stop() == 0
        took = time.monotonic() - began
        for visitor in visitors:
            visitor.join(60)
        check_in_time(took, STOP_SECONDS_MAX, "the stop")  # Who takes longer is cut off.
        for visitor in visitors:
            assert visitor.failed == [], (
                f"round {round_number}: {visitor.service}: {visitor.failed[:3]}"
            )


@again_when_late
def test_a_request_in_flight_is_answered_and_told_to_close(new_server: NewServer) -> None:
    own = new_server(f"in-flight-{next(_numbers)}").start()
    with raw.connect(own.ports["user"]) as connection:
        connection.sendall(
            raw.request(
                "POST", "/auth/login", "Content-Type: application/json", "Content-Length: 2"
            )
        )
        wait_until(
            lambda: Actor(own).get("/health", service="user").status == 200, "the server is up"
        )
        began = time.monotonic()
        own.ask_to_stop()
        wait_until(lambda: _refused(own.ports["product"]), "the listener closes")
        connection.sendall(b"{}")
        check_in_time(time.monotonic() - began, STOP_SECONDS_MAX / 2, "what is under way goes on")
        answer = raw.read_answers(connection, 1)
        assert answer.only.status == 400 and answer.only.headers["Connection"] == "close"
    assert own.stop() == 0


def _refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False


@again_when_late
def test_idle_and_half_open_connections_do_not_hold_up_the_stop(new_server: NewServer) -> None:
    own = new_server().start()
    held = [raw.connect(own.ports[service]) for service in SERVICES for _ in range(5)]
    for connection in held[::2]:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n")
    began = time.monotonic()
    assert own.stop() == 0
    took = time.monotonic() - began
    for connection in held:
        connection.close()
    check_in_time(took, STOP_SECONDS_MAX, "the stop")


def test_readiness_fails_before_the_listener_closes(new_server: NewServer) -> None:
    server = new_server(env={"DRAIN_DELAY_MS": "5000"}).start()
    assert Actor(server).get("/ready", service="order").status == 200
    server.ask_to_stop()
    wait_until(
        lambda: one_shot(server, "order", "GET", "/ready").status == 503, "not ready any more"
    )
    assert one_shot(server, "order", "GET", "/health").status == 200, "alive while it drains"
    assert one_shot(server, "product", "GET", "/products").status == 200, "still serving"
    assert server.stop() == 0


def test_sigint_stops_like_sigterm_and_a_second_signal_does_no_harm(own: Server) -> None:
    assert own.process is not None
    own.process.send_signal(signal.SIGINT)
    own.process.send_signal(signal.SIGTERM)
    assert own.ended() == 0


def test_a_second_serve_on_the_same_folder_is_refused(own: Server, new_server: NewServer) -> None:
    second = new_server("second")
    second.data = own.data
    second.spawn()
    assert second.ended() not in (0, None)
    assert "data" in second.log.lower() and second.log.strip(), second.log
    assert Actor(own).get("/health", service="user").status == 200


def test_after_kill_9_the_folder_can_be_served_again(own: Server) -> None:
    own.kill()
    own.restart()
    assert Actor(own).get("/ready", service="cart").status == 200


def test_a_second_serve_on_the_same_ports_is_refused(own: Server, new_server: NewServer) -> None:
    second = new_server("second")
    second.offset, second.ports = own.offset, own.ports
    second.spawn()
    assert second.ended() not in (0, None)
    assert str(own.ports["user"]) in second.log or "in use" in second.log.lower(), second.log[-500:]
    assert Actor(own).get("/health", service="user").status == 200


def test_it_starts_without_any_setting_at_all(new_server: NewServer) -> None:
    server = new_server(
        env={name: None for name in ("JWT_SECRET", "RATE_LIMIT_MAX", "HOST", "LANG", "HOME")}
    )
    server.start()
    assert Shop(server).user().get("/auth/session").status == 200
    assert server.stop() == 0


def test_it_starts_fast(new_server: NewServer) -> None:
    """For people who wait, on any machine; and a second start has no tables to make."""
    server = new_server()

    def start() -> float:
        began = time.monotonic()
        server.start()
        took = time.monotonic() - began
        server.stop()
        return took

    first = start()
    assert first < 30
    # The least of some: whatever else the machine does only adds to it.
    assert min(start() for _ in range(3)) < first


def test_a_data_folder_that_cannot_be_written_is_said_to_be_so(new_server: NewServer) -> None:
    server = new_server()
    server.data.write_text("a file where the folder should be")
    server.spawn()
    assert server.ended() != 0
    assert "data" in server.log


def test_a_database_from_the_future_or_with_another_history_is_refused(
    new_server: NewServer,
) -> None:
    server = new_server()
    server.run("migrate")
    broken = next(path for path in server.data.rglob("*.db") if "order" in path.name)
    broken.write_bytes(b"this is not a database at all, but long enough to be looked at" * 100)
    server.spawn()
    assert server.ended() != 0
    assert "order" in server.log


def test_commands_work_beside_a_server_and_without_one(own: Server) -> None:
    for command in (
        ("config",),
        ("events", "list"),
        ("mail", "list"),
        ("events", "dead", "list"),
        ("version",),
    ):
        if command != ("version",):
            assert own.run(*command).returncode == 0
    own.stop()
    for command in (
        ("config",),
        ("events", "list"),
        ("mail", "list"),
        ("events", "dead", "list"),
        ("migrate",),
        ("doctor",),
    ):
        assert own.run(*command).returncode == 0, command


def test_nothing_is_written_outside_the_data_folder(own: Server) -> None:
    Shop(own).user()
    own.stop()
    assert sorted(path.name for path in own.folder.iterdir()) == ["data", "server.log"]


def test_one_service_alone_answers_only_for_itself(new_server: NewServer) -> None:
    server = new_server(services=["product"]).start()
    assert Actor(server).get("/categories").status == 200
    for service in ("user", "cart", "order"):
        assert _refused(server.ports[service])
    assert server.stop() == 0


def test_the_binary_runs_from_any_folder(tmp_path: Path) -> None:
    done = run_binary("version", env={"PATH": os.environ["PATH"]}, cwd=tmp_path)
    assert done.returncode == 0 and BINARY.exists()
