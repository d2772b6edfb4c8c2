"""security.md 28-30: every limit on both sides, slow clients, many connections."""

import contextlib
import os
import re
import select
import socket
import threading
import time
from pathlib import Path

import pytest

from conftest import NewServer
from lib import raw
from lib.raw import request
from lib.server import Server
from lib.shapes import check_error
from lib.shop import Actor, Shop
from lib.timing import again_when_late, check_in_time
from lib.waiting import wait_until

HEADER_BYTES_MAX = 16 * 1024
HEADER_FIELDS_MAX = 64
REQUEST_LINE_BYTES_MAX = 8 * 1024
HEADER_SECONDS = 5
BODY_SECONDS = 10
#: How late a time-out may be noticed, in seconds; and whoever is still there so much later is never
#: cut off.
SLACK_SECONDS, NEVER_SECONDS = 2.5, 40.0


def head_of(size: int) -> bytes:
    """A whole request head of exactly so many bytes, with few fields and no long line."""
    lines: list[str] = []
    while True:
        left = size - len(request("GET", "/categories", *lines))
        if left == 0:
            return request("GET", "/categories", *lines)
        name = f"X-{len(lines)}: "
        room = left - len(name) - 2
        lines.append(name + "v" * (room if room <= 2000 else 1500))


def test_a_head_at_the_limit_is_read_and_one_beyond_is_a_431(server: Server) -> None:
    port = server.ports["product"]
    assert raw.send_raw(port, head_of(HEADER_BYTES_MAX)).only.status == 200
    check_error(raw.expect_refused(port, head_of(HEADER_BYTES_MAX + 1), status=431), 431)


def test_an_endless_head_is_a_431(server: Server) -> None:
    data = request("GET", "/categories", "X-Endless: " + "v" * 200_000)
    check_error(raw.expect_refused(server.ports["product"], data, status=431), 431)


def test_the_number_of_fields_is_limited(server: Server) -> None:
    port = server.ports["product"]
    fields = [f"X-{n}: v" for n in range(HEADER_FIELDS_MAX - 1)]  # Host is one more.
    assert raw.send_raw(port, request("GET", "/categories", *fields)).only.status == 200
    check_error(
        raw.expect_refused(port, request("GET", "/categories", *fields, "X-More: v"), status=431),
        431,
    )


def test_the_request_line_is_limited(server: Server) -> None:
    port = server.ports["product"]
    frame = len("GET /categories? HTTP/1.1")
    longest = "/categories?" + "q" * (REQUEST_LINE_BYTES_MAX - frame)
    assert raw.send_raw(port, request("GET", longest)).only.status == 200
    reply = raw.send_raw(port, request("GET", longest + "q")).only
    check_error(reply, (414, 431))


@pytest.mark.parametrize(
    ("service", "limit"),
    [("user", 102_400), ("cart", 102_400), ("order", 102_400), ("product", 204_800)],
)
def test_an_announced_body_that_is_too_long_is_refused_unread(
    server: Server, service: str, limit: int
) -> None:
    target = {
        "user": "/auth/login",
        "cart": "/carts/me/items",
        "order": "/orders/me",
        "product": "/products",
    }[service]
    lines = ("Content-Type: application/json", f"Content-Length: {limit + 1}")
    reply = raw.send_raw(server.ports[service], request("POST", target, *lines)).only
    check_error(reply, 413, "request entity too large")


def test_a_chunked_body_is_counted_too(server: Server) -> None:
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    head = request(
        "POST", "/auth/login", "Content-Type: application/json", "Transfer-Encoding: chunked"
    )
    reply = raw.send_raw(server.ports["user"], head, *[chunk] * 5).replies[0]
    check_error(reply, 413, "request entity too large")


def test_many_parameters_do_no_harm(server: Server) -> None:
    reply = raw.send_raw(
        server.ports["product"],
        request("GET", "/products?" + "&".join(f"a{n}=1" for n in range(900))),
    ).only
    assert reply.status in (200, 400)


# --- slow clients ---------------------------------------------------------------------------------


class SlowClient(threading.Thread):
    """Sends its pieces, then a byte a second, until the server has had enough."""

    def __init__(self, port: int, first: bytes, drip: bytes, patience: float) -> None:
        super().__init__(daemon=True)
        self.connection = raw.connect(port)
        self.first, self.drip, self.patience = first, drip, patience
        self.closed_after: float | None = None
        self.answer = b""

    def run(self) -> None:
        began = time.monotonic()
        self.connection.sendall(self.first)
        while time.monotonic() - began < self.patience:
            self.connection.settimeout(1.0)
            try:
                piece = self.connection.recv(4096)
                if piece:
                    self.answer += piece
                    continue
                break
            except TimeoutError:
                try:
                    self.connection.sendall(self.drip)
                except OSError:
                    break
            except OSError:
                break
        else:
            return
        self.closed_after = time.monotonic() - began


@pytest.mark.slow
@again_when_late
def test_slow_heads_and_bodies_are_cut_off_while_others_are_served(
    server: Server, shop: Shop
) -> None:
    body_head = request(
        "POST", "/auth/login", "Content-Type: application/json", "Content-Length: 100000"
    )
    port = server.ports["user"]
    silent = [SlowClient(port, b"GET /hea", b"", NEVER_SECONDS) for _ in range(5)]
    dripping = [
        SlowClient(port, b"GET /health HTTP/1.1\r\nX-A: ", b"a", NEVER_SECONDS)
        for _ in range(5)
    ]
    bodies = [SlowClient(port, body_head, b" ", NEVER_SECONDS) for _ in range(5)]
    for client in silent + dripping + bodies:
        client.start()
    slowest = 0.0
    while any(client.is_alive() for client in silent + dripping + bodies):
        began = time.monotonic()
        assert shop.anonymous.get("/health", service="user").status == 200
        slowest = max(slowest, time.monotonic() - began)
        bodies[-1].join(0.05)
    check_in_time(slowest, 0.5, "others are served meanwhile")
    for name, clients, seconds in (
        ("head", silent + dripping, HEADER_SECONDS),
        ("body", bodies, BODY_SECONDS),
    ):
        for client in clients:
            assert client.closed_after is not None, f"a slow {name} is never cut off"
            check_in_time(client.closed_after, seconds + SLACK_SECONDS, f"a slow {name}")


def test_a_client_that_never_reads_costs_no_memory(server: Server, shop: Shop) -> None:
    category = shop.category()
    for _ in range(40):
        shop.product(categoryId=category["id"], description="d" * 20_000)
    ask = request("GET", f"/products?categoryId={category['id']}") * 20
    held, before = [], server.resident_bytes()
    for _ in range(5):
        held.append(raw.connect(server.ports["product"], 0.2))
        with contextlib.suppress(OSError):
            for _ in range(200):
                held[-1].sendall(ask)
    # Five times 4,000 answers of 800 KB are asked for; what is not read must not be made.
    assert shop.anonymous.get("/health", service="product").status == 200
    assert server.resident_bytes() - before < 40_000_000
    for connection in held:
        connection.close()


def _connection_limit(server: Server) -> str | None:
    """The name of the setting that limits the connections of one address."""
    names = re.findall(r"\b[A-Z][A-Z_]*CONN[A-Z_]*\b", server.run("config").stdout)
    per_address = [name for name in names if re.search(r"IP|ADDR|PEER|CLIENT|PER", name)]
    return (per_address or names or [None])[0]


def test_connections_of_one_address_are_limited_and_come_back(
    server: Server, new_server: NewServer
) -> None:
    setting = _connection_limit(server)
    assert setting, "no setting limits connections"
    small = new_server(env={setting: "20"}).start()
    small.transport.forget_connections()
    port = small.ports["product"]
    held: list[socket.socket] = []
    refused = 0
    for _ in range(60):
        connection = raw.connect(port)
        connection.sendall(request("GET", "/health"))
        answer = raw.read_answers(connection, 1)
        if answer.replies and answer.replies[0].status == 200:
            held.append(connection)
        else:
            refused += 1
            connection.close()
    assert 15 <= len(held) <= 20 and refused >= 40
    for connection in held:
        connection.close()
    wait_until(
        lambda: raw.send_raw(port, request("GET", "/health")).replies, "connections are taken again"
    )


def test_running_out_of_file_descriptors_is_survived(new_server: NewServer) -> None:
    server = new_server().start()
    pid_limits = Path(f"/proc/{server.pid}/limits").read_text()
    assert "Max open files" in pid_limits
    open_now = len(os.listdir(f"/proc/{server.pid}/fd"))
    import resource

    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (open_now + 12, open_now + 12))
    held = [raw.connect(server.ports["product"]) for _ in range(40)]
    for connection in held:
        connection.sendall(request("GET", "/health"))
    wait_until(lambda: select.select(held, [], [], 1)[0], "the first is answered")
    answered = sum(bool(raw.read_answers(connection, 1, 0.05).replies) for connection in held)
    assert 0 < answered < 40, "the limit was reached"
    assert server.running
    for connection in held:
        connection.close()
    wait_until(
        lambda: raw.send_raw(server.ports["product"], request("GET", "/health")).replies,
        "served again",
        every=0.1,
    )
    assert Actor(server).get("/health", service="user").status == 200
