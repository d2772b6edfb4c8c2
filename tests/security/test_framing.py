"""security.md 26: nothing about where a message begins or ends is ever guessed (RFC 9112)."""

import pytest

from lib import raw
from lib.raw import expect_refused, request
from lib.server import Server
from lib.shapes import JSON_CONTENT_TYPE, check_error, check_fixed_headers

HELLO = b"hello"
#: A second request hidden behind the first; it must never be answered.
HIDDEN = b"GET /products/999999999 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def post(
    *lines: str, body: bytes = b"", version: str = "HTTP/1.1", host: str | None = "localhost"
) -> bytes:
    kind = "Content-Type: application/json"
    return request("POST", "/auth/login", kind, *lines, body=body, version=version, host=host)


#: (what is wrong, the bytes). Each is a 400, one answer, and the connection is closed.
REFUSED: list[tuple[str, bytes]] = [
    (
        "Content-Length before Transfer-Encoding",
        post("Content-Length: 4", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN),
    ),
    (
        "Transfer-Encoding before Content-Length",
        post("Transfer-Encoding: chunked", "Content-Length: 4", body=b"0\r\n\r\n" + HIDDEN),
    ),
    ("two equal Content-Lengths", post("Content-Length: 5", "Content-Length: 5", body=HELLO)),
    ("two different Content-Lengths", post("Content-Length: 5", "Content-Length: 0", body=HELLO)),
    ("a list of equal Content-Lengths", post("Content-Length: 5, 5", body=HELLO)),
    ("Content-Length with a plus", post("Content-Length: +5", body=HELLO)),
    ("Content-Length negative", post("Content-Length: -5", body=HELLO)),
    ("Content-Length in hexadecimal", post("Content-Length: 0x5", body=HELLO)),
    ("Content-Length with a fraction", post("Content-Length: 5.0", body=HELLO)),
    ("Content-Length with an underscore", post("Content-Length: 1_0", body=HELLO)),
    ("Content-Length with a blank inside", post("Content-Length: 5 5", body=HELLO)),
    ("Content-Length empty", post("Content-Length: ", body=HELLO)),
    ("Content-Length a word", post("Content-Length: five", body=HELLO)),
    ("Content-Length beyond 64 bits", post("Content-Length: 18446744073709551621", body=HELLO)),
    (
        "Content-Length in Arabic digits",
        post("Content-Length: \u0665".encode().decode("latin-1"), body=HELLO),
    ),
    ("Transfer-Encoding gzip", post("Transfer-Encoding: gzip", body=HELLO)),
    (
        "Transfer-Encoding gzip, chunked",
        post("Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    ),
    (
        "Transfer-Encoding chunked, chunked",
        post("Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"),
    ),
    (
        "Transfer-Encoding chunked, identity",
        post("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
    ),
    (
        "Transfer-Encoding identity",
        post("Transfer-Encoding: identity", "Content-Length: 5", body=HELLO),
    ),
    ("Transfer-Encoding empty", post("Transfer-Encoding: ", body=b"0\r\n\r\n")),
    ("Transfer-Encoding xchunked", post("Transfer-Encoding: xchunked", body=b"0\r\n\r\n")),
    ("Transfer-Encoding in quotes", post('Transfer-Encoding: "chunked"', body=b"0\r\n\r\n")),
    (
        "Transfer-Encoding with a parameter",
        post("Transfer-Encoding: chunked;q=1", body=b"0\r\n\r\n"),
    ),
    (
        "Transfer-Encoding with a vertical tab",
        post("Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n"),
    ),
    (
        "two Transfer-Encodings",
        post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    ),
    (
        "two Transfer-Encodings that differ",
        post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=b"0\r\n\r\n"),
    ),
    (
        "Transfer-Encoding under HTTP/1.0",
        post("Transfer-Encoding: chunked", version="HTTP/1.0", body=b"0\r\n\r\n"),
    ),
    (
        "Transfer-Encoding and Content-Length under HTTP/1.0",
        post(
            "Transfer-Encoding: chunked", "Content-Length: 5", version="HTTP/1.0", body=b"0\r\n\r\n"
        ),
    ),
    ("a blank before the colon", post("Content-Length : 5", body=HELLO)),
    (
        "a blank before the colon of Transfer-Encoding",
        post("Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
    ),
    ("a folded header", post("X-Long: one", " two", "Content-Length: 0")),
    ("a folded header with a tab", post("X-Long: one", "\ttwo", "Content-Length: 0")),
    ("a folded Transfer-Encoding", post("Transfer-Encoding:", " chunked", body=b"0\r\n\r\n")),
    ("a blank before the first header", b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n"),
    ("a header without a colon", request("GET", "/categories", "NoColonHere")),
    ("a header without a name", request("GET", "/categories", ": value")),
    ("a header name with a blank", request("GET", "/categories", "Bad Name: x")),
    ("a header name with a bracket", request("GET", "/categories", "Bad(Name): x")),
    ("a header name beyond ASCII", request("GET", "/categories", "N\u00e4me: x")),
    ("a NUL in a header value", request("GET", "/categories", "X-Nul: a\0b")),
    ("a NUL in a header name", request("GET", "/categories", "X\0Nul: a")),
    ("a bare CR in a header value", request("GET", "/categories", "X-Cr: a\rb")),
    ("a bell in a header value", request("GET", "/categories", "X-Bell: a\x07b")),
    (
        "bare LF at the end of the request line",
        b"GET /categories HTTP/1.1\nHost: localhost\r\n\r\n",
    ),
    ("bare LF after a header", b"GET /categories HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n"),
    ("bare LF throughout", b"GET /categories HTTP/1.1\nHost: localhost\n\n"),
    ("no Host", request(host=None)),
    ("two Hosts", request("GET", "/categories", "Host: other.example")),
    ("two equal Hosts", request("GET", "/categories", "Host: localhost")),
    ("a Host with a user in it", request(host="user@localhost")),
    ("a Host with a path in it", request(host="localhost/path")),
    ("a Host that is a list", request(host="localhost, other")),
    ("a Host with a blank", request(host="local host")),
    ("a Host with an impossible port", request(host="localhost:99999")),
    ("a line of the PROXY protocol", b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + request()),
    ("a blank before the request line", b" " + request()),
    ("an asterisk for another method than OPTIONS", request("GET", "*")),
    ("a target with a user in it", request("GET", "http://user:pass@localhost/categories")),
    ("a target of another scheme", request("GET", "ftp://localhost/categories")),
    ("two Content-Types", post("Content-Type: text/plain", "Content-Length: 2", body=b"{}")),
    ("no version", b"GET /categories\r\nHost: localhost\r\n\r\n"),
    ("two blanks in the request line", b"GET  /categories HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("two blanks before the version", b"GET /categories  HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("a tab in the request line", b"GET\t/categories\tHTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("a blank inside the target", b"GET /cate gories HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("a target without a slash", b"GET categories HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    (
        "a method with a control character",
        b"GE\x01T /categories HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ),
    ("a method in brackets", b"GET[] /categories HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("HTTP/1.11", request(version="HTTP/1.11")),
    ("HTTP 1.1 without the slash", request(version="HTTP 1.1")),
    ("http/1.1 in lower case", request(version="http/1.1")),
    ("a fragment in the target", request("GET", "/categories#top")),
    ("a NUL in the target", b"GET /cate\0gories HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("raw UTF-8 in the target", b"GET /caf\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("nonsense", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    (
        "a chunk size with a sign",
        post("Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
    ),
    ("a chunk size with 0x", post("Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n")),
    (
        "a chunk size with a blank before it",
        post("Transfer-Encoding: chunked", body=b" 5\r\nhello\r\n0\r\n\r\n"),
    ),
    ("a negative chunk size", post("Transfer-Encoding: chunked", body=b"-1\r\n\r\n")),
    ("an empty chunk size", post("Transfer-Encoding: chunked", body=b"\r\nhello\r\n0\r\n\r\n")),
    (
        "a chunk size that overflows",
        post("Transfer-Encoding: chunked", body=b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    ),
    (
        "a chunk size ended by a bare LF",
        post("Transfer-Encoding: chunked", body=b"5\nhello\r\n0\r\n\r\n"),
    ),
    (
        "a chunk extension with a bare LF",
        post("Transfer-Encoding: chunked", body=b"5;a\nb\r\nhello\r\n0\r\n\r\n"),
    ),
    (
        "a chunk extension with a control character",
        post("Transfer-Encoding: chunked", body=b"2;a=\x01\r\n{}\r\n0\r\n\r\n"),
    ),
    (
        "a chunk extension without an end",
        post("Transfer-Encoding: chunked", body=b"2;a=" + b"x" * 20_000 + b"\r\n{}\r\n0\r\n\r\n"),
    ),
    (
        "a malformed trailer",
        post("Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\nBad Name: x\r\n\r\n"),
    ),
    (
        "a chunk longer than it says",
        post("Transfer-Encoding: chunked", body=b"5\r\nhelloworld\r\n0\r\n\r\n"),
    ),
    (
        "chunk data ended by a bare LF",
        post("Transfer-Encoding: chunked", body=b"5\r\nhello\n0\r\n\r\n"),
    ),
]


@pytest.mark.parametrize("data", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_message_that_could_be_read_two_ways_is_refused_and_the_connection_closed(
    server: Server, data: bytes
) -> None:
    service = "product" if data.startswith((b"GET", b"\x16")) else "user"
    reply = expect_refused(server.ports[service], data + HIDDEN)
    check_error(reply, 400)
    assert reply.headers["Connection"] == "close"


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "DELETE"])
def test_a_body_where_none_is_expected_is_never_taken_for_a_request(
    server: Server, method: str
) -> None:
    message = request(method, "/categories", f"Content-Length: {len(HIDDEN)}", body=HIDDEN)
    next_one = request("GET", "/health")
    answer = raw.send_raw(server.ports["product"], message + next_one, answers=2)
    assert answer.replies and answer.replies[0].status != 404
    # What is answered next, if the connection goes on, is what was asked next.
    assert [reply.json["status"] for reply in answer.replies[1:]] in ([], ["ok"]), answer.raw[:500]
    assert answer.replies[1:] or answer.closed


# --- what must work -------------------------------------------------------------------------------


def test_http_10_is_served_and_closed(server: Server) -> None:
    answer = raw.send_raw(
        server.ports["product"], request(version="HTTP/1.0", host=None), answers=2
    )
    assert answer.only.status == 200 and answer.closed


def test_http_11_stays_open_for_a_minute_and_closes_when_asked(server: Server) -> None:
    answer = raw.send_raw(server.ports["product"], request())
    assert answer.only.status == 200 and not answer.closed
    assert "timeout=60" in (answer.only.headers.get("Keep-Alive") or "")
    answer = raw.send_raw(
        server.ports["product"], request("GET", "/categories", "Connection: close")
    )
    assert answer.closed and answer.only.headers["Connection"] == "close"


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    targets = ["/health", "/nowhere/1", "/categories", "/nowhere/2"]
    answer = raw.send_raw(
        server.ports["product"], b"".join(request("GET", target) for target in targets), answers=4
    )
    assert [reply.status for reply in answer.replies] == [200, 404, 200, 404]
    assert "/nowhere/1" in answer.replies[1].text and "/nowhere/2" in answer.replies[3].text


@pytest.mark.parametrize(
    "body",
    [
        b"2\r\n{}\r\n0\r\n\r\n",
        b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"0002\r\n{}\r\n000\r\n\r\n",
        b"2;name=value\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n",
    ],
)
def test_chunked_bodies_are_read(server: Server, body: bytes) -> None:
    answer = raw.send_raw(
        server.ports["user"],
        post("Transfer-Encoding: chunked", body=body) + request("GET", "/health"),
        answers=2,
    )
    assert [reply.status for reply in answer.replies] == [400, 200]
    assert answer.replies[0].json["message"] == "Email is required"


def test_a_trailer_is_no_header(server: Server) -> None:
    trailer = b"2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\nX-Request-Id: from-a-trailer\r\n\r\n"
    message = request(
        "POST",
        "/orders/me",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        body=trailer,
    )
    reply = raw.send_raw(server.ports["order"], message).only
    check_error(reply, 401, "Unauthorized")
    assert reply.headers["X-Request-Id"] != "from-a-trailer"


def test_a_message_may_arrive_byte_by_byte(server: Server) -> None:
    message = post("Content-Length: 2", body=b"{}")
    reply = raw.send_raw(server.ports["user"], *(bytes([byte]) for byte in message)).only
    check_error(reply, 400, "Email is required")


def test_expect_100_continue_is_answered(server: Server) -> None:
    with raw.connect(server.ports["user"]) as connection:
        connection.sendall(post("Content-Length: 2", "Expect: 100-continue"))
        assert connection.recv(1024).startswith(b"HTTP/1.1 100")
        connection.sendall(b"{}")
        check_error(raw.read_answers(connection, 1).only, 400, "Email is required")


def test_a_body_that_is_too_long_is_not_invited(server: Server) -> None:
    reply = raw.send_raw(
        server.ports["user"], post("Content-Length: 9000000", "Expect: 100-continue")
    ).only
    check_error(reply, 413, "request entity too large")


def test_the_absolute_form_is_accepted(server: Server) -> None:
    reply = raw.send_raw(
        server.ports["product"], request("GET", "http://shop.example/categories")
    ).only
    assert reply.status == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "get", "GETT"])
def test_methods_that_nobody_serves(server: Server, method: str) -> None:
    target = "shop.example:443" if method == "CONNECT" else "/categories"
    answer = raw.send_raw(server.ports["product"], request(method, target, "X-Secret: shown-back"))
    assert b"shown-back" not in answer.raw
    if answer.replies:
        check_error(answer.only, (400, 404, 405))
    else:
        assert answer.closed


def test_a_refusal_looks_like_every_other_answer(server: Server) -> None:
    reply = expect_refused(server.ports["product"], request(host=None))
    check_fixed_headers(reply.headers)
    assert reply.headers["Content-Type"] == JSON_CONTENT_TYPE
