"""Bytes and headers that no decent client sends."""

import gzip
import re
import socket
from collections.abc import Iterator

import pytest

from conftest import NewServer
from lib import raw
from lib.raw import send_raw
from lib.server import Server
from lib.shapes import check_error
from lib.shop import Actor, Person, Shop

OK = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

REFUSED: dict[str, bytes] = {
    "chunked behind a blank": POST + b" Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunked behind a comma": POST + b"Transfer-Encoding: ,chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "gzip with a length": POST + b"Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths that differ": POST + b"Content-Length: 2, 3\r\n\r\n{}",
    "bare LF at the end of the head": b"GET /health HTTP/1.1\r\nHost: a\r\n\n",
    "bare CR between headers": b"GET /health HTTP/1.1\r\nHost: a\r\nX-A: b\rX-B: c\r\n\r\n",
    "DEL in a value": b"GET /health HTTP/1.1\r\nHost: a\r\nX-A: b\x7fc\r\n\r\n",
    "a tab before the colon": b"GET /health HTTP/1.1\r\nHost: a\r\nX-A\t: a\r\n\r\n",
    "HTTP/2.0": b"GET /health HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/1.2": b"GET /health HTTP/1.2\r\nHost: a\r\n\r\n",
    "HTTP/1.?": b"GET /health HTTP/1.?\r\nHost: a\r\n\r\n",
    "HTTP/?.1": b"GET /health HTTP/?.1\r\nHost: a\r\n\r\n",
    "a word after the version": b"GET /health HTTP/1.1 x\r\nHost: a\r\n\r\n",
    "a blank after the version": b"GET /health HTTP/1.1 \r\nHost: a\r\n\r\n",
    "no target": b"GET HTTP/1.1\r\nHost: a\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a method in lower case": b"get /health HTTP/1.1\r\nHost: a\r\n\r\n",
    "a chunk size of letters": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "a chunk without its end": CHUNKED + b"2\r\n{}0\r\n\r\n",
    "NUL in a chunk extension": CHUNKED + b"2;\0\r\n{}\r\n0\r\n\r\n",
    "a bare CR in a chunk extension": CHUNKED + b"2;a\rb\r\n{}\r\n0\r\n\r\n",
    "trailers without end": CHUNKED + b"2\r\n{}\r\n0\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n",
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_could_be_read_two_ways_is_refused_and_nothing_after_it_is_read(
    server: Server, how: str
) -> None:
    answer = send_raw(server.ports["user"], REFUSED[how] + HIDDEN, answers=9)
    assert not any(b"smuggled" in reply.body for reply in answer.replies)
    assert answer.closed and 400 <= answer.only.status < 600
    assert answer.only.status not in (401, 404, 500), answer.only
    check_error(answer.only, answer.only.status)


@pytest.mark.parametrize(
    "start",
    [
        b"POST /nope HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
        b"POST /auth/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
        b"POST /users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
        b"POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n",
        b"OPTIONS /x HTTP/1.1\r\nHost: a\r\n",
        b"DELETE /users/1 HTTP/1.1\r\nHost: a\r\n",
    ],
    ids=["404", "405", "401", "415", "preflight", "DELETE"],
)
def test_the_body_of_a_refused_request_is_not_the_next_one(server: Server, start: bytes) -> None:
    size = len(HIDDEN)
    chunk = b"%x\r\n" % size + HIDDEN + b"\r\n0\r\n\r\n"
    for rest in (
        b"Content-Length: %d\r\n\r\n" % size + HIDDEN,
        b"Transfer-Encoding: chunked\r\n\r\n" + chunk,
    ):
        answer = send_raw(server.ports["user"], start + rest + OK, answers=2)
        assert answer.replies
        assert not any(b"smuggled" in reply.body for reply in answer.replies)


def test_a_client_that_has_shut_its_side_gets_its_answer(server: Server) -> None:
    with raw.connect(server.ports["user"]) as connection:
        connection.sendall(OK)
        connection.shutdown(socket.SHUT_WR)
        assert raw.read_answers(connection, 1).only.status == 200


def test_clients_that_go_away_in_the_middle_do_no_harm(server: Server) -> None:
    for _ in range(30):
        with raw.connect(server.ports["product"]) as connection:
            connection.sendall(b"GET /products HTTP/1.1\r\nHost: a\r\n\r\n" * 20)
    assert send_raw(server.ports["product"], OK).only.status == 200


def test_endless_bytes_without_a_line_are_cut_off(server: Server) -> None:
    sent = 0
    with raw.connect(server.ports["user"]) as connection:
        try:
            while sent < 16_000_000:
                connection.sendall(b"A" * 4096)
                sent += 4096
        except OSError:
            pass
    assert sent < 16_000_000
    assert send_raw(server.ports["user"], OK).only.status == 200


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/plain", "text/plain"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/json, text/plain;q=0.1", "application/json"),
        ("text/plain;q=0, application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),  # As axios asks.
    ],
)
def test_metrics_come_in_the_form_that_is_liked_best(shop: Shop, accept: str, wanted: str) -> None:
    reply = shop.anonymous.get("/metrics", headers={"Accept": accept}, service="user")
    assert reply.headers["Content-Type"].startswith(wanted)


def test_the_description_does_not_say_which_commit_runs(shop: Shop) -> None:
    document = shop.anonymous.get("/openapi.json", service="user").expect(200)
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])


def test_the_description_names_every_refusal(shop: Shop) -> None:
    def answers(service: str, path: str, method: str) -> set[str]:
        document = shop.anonymous.get("/openapi.json", service=service).expect(200)
        return set(document["paths"][path][method]["responses"])

    assert "404" in answers("product", "/products/{id}", "get")
    assert {"404", "409"} <= answers("product", "/products", "post")
    assert {"403", "404"} <= answers("order", "/orders/{orderId}", "get")


@pytest.fixture(scope="module")
def visitor(server: Server) -> Iterator[Actor]:
    yield Actor(server)


@pytest.mark.parametrize(
    "body",
    [
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":.5}',
        b'{"a":+1}',
        b'{"a":"\\x41"}',
        b"// c\n{}",
        b"{}\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"x":{"a":1,"a":2}}',
        b'{"email":"a@b.co","\\u0065mail":"c@d.co"}',
        b'{"email":"\xed\xa0\x80"}',
        b'{"email":"\\udc00\\ud800"}',
        b"[" * 50_000 + b"]" * 50_000,
    ],
    ids=[
        "single quotes",
        "a leading zero",
        "NaN",
        "no integer part",
        "a plus",
        "a hexadecimal escape",
        "a comment",
        "NUL behind",
        "UTF-16",
        "twins further down",
        "twins by an escape",
        "a surrogate in UTF-8",
        "surrogates the wrong way round",
        "depth",
    ],
)
def test_a_body_that_is_no_json_is_refused(visitor: Actor, body: bytes) -> None:
    check_error(visitor.post("/auth/login", body=body), 400)


@pytest.mark.parametrize(
    "body",
    [
        b"\x1f\x8b\x08garbage",
        gzip.compress(b"{}" * 1000)[:-9],
        gzip.compress(b"{}") + b"junk behind it",
        b"{}",
        b"",
    ],
    ids=["garbage", "cut short", "junk behind", "not packed", "nothing"],
)
def test_a_packed_body_that_does_not_unpack_is_refused(visitor: Actor, body: bytes) -> None:
    headers = {"Content-Encoding": "gzip"}
    check_error(visitor.post("/auth/login", body=body, headers=headers), 400)


@pytest.mark.parametrize("asked", ["x\ty", "a" * 4000, "x-\xe9"])
def test_what_a_preflight_echoes_cannot_split_the_answer(visitor: Actor, asked: str) -> None:
    reply = visitor.send(
        "OPTIONS", "/x", headers={"Access-Control-Request-Headers": asked}, service="user"
    )
    assert reply.status in (204, 400) and len(reply.headers.pairs) < 40


def test_a_proxy_may_say_anything_about_the_client(new_server: NewServer) -> None:
    """Only the nearest address that is no proxy of ours counts, and nonsense breaks nothing."""
    env = {"TRUSTED_PROXIES": "127.0.0.1", "RATE_LIMIT_MAX": "5", "RATE_LIMIT_WINDOW_MS": "60000"}
    server = new_server(env=env).start()

    def status(value: str) -> int:
        headers = {"X-Forwarded-For": value}
        return Actor(server).get("/nope", headers=headers, service="user").status

    assert [status("10.0.0.1") for _ in range(6)] == [404] * 5 + [429]
    assert status("10.0.0.2") == 404
    assert status("1.2.3.4, 10.0.0.1") == status("10.0.0.1, 127.0.0.1") == 429
    for nonsense in ("x", ",,,", "a" * 5000, "999.1.1.1", "::1%eth0", "[::1]:5", "10.0.0.3:1234"):
        assert status(nonsense) in (404, 429), nonsense


def test_two_idempotency_keys_are_not_two_orders(shop: Shop, mug: dict) -> None:
    buyer: Person = shop.user()
    buyer.add(mug, 2)
    keys = [("Idempotency-Key", "a1"), ("Idempotency-Key", "b1")]
    body = {"productId": mug["id"], "quantity": 1}
    for _ in range(2):
        assert buyer.post("/orders/me", body, headers=keys).status in (201, 400)
    assert buyer.get("/orders/me").expect(200)["count"] <= 1
