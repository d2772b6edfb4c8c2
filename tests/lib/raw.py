"""Raw bytes to a port, for everything a decent client library refuses to send."""

import socket
import time
from dataclasses import dataclass

from lib.http import Headers, Reply

#: How long answers, or the end of a connection, are waited for, in seconds.
PATIENCE_SECONDS = 60.0


@dataclass
class RawAnswer:
    """All answers that came on one connection, and whether the server closed it."""

    replies: list[Reply]
    closed: bool
    raw: bytes

    @property
    def only(self) -> Reply:
        assert len(self.replies) == 1, (
            f"expected one answer, got {len(self.replies)}: {self.raw[:600]!r}"
        )
        return self.replies[0]


def connect(port: int, seconds: float = PATIENCE_SECONDS) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def send_raw(port: int, *pieces: bytes, answers: int = 1) -> RawAnswer:
    """Sends the pieces one after the other and reads until so many answers came or the server
    closed.
    """
    with connect(port) as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                break
        return read_answers(connection, answers)


def expect_refused(port: int, *pieces: bytes, status: int = 400) -> Reply:
    """One error answer, then the connection is closed: nothing that was sent after it is served."""
    answer = send_raw(port, *pieces, answers=50)
    assert answer.closed, f"the connection stays open after {answer.raw[:300]!r}"
    reply = answer.only
    assert reply.status == status, f"expected {status}, got {reply}"
    return reply


def read_answers(
    connection: socket.socket, answers: int, seconds: float = PATIENCE_SECONDS
) -> RawAnswer:
    """Reads up to `answers` final answers (1xx are kept apart and not counted)."""
    received = b""
    ends = time.monotonic() + seconds
    while True:
        replies, _ = split_answers(received)
        finals = [reply for reply in replies if reply.status >= 200]
        if len(finals) >= answers:
            return RawAnswer(finals, _closes(connection, finals[-1]), received)
        left = ends - time.monotonic()
        if left <= 0:
            return RawAnswer(finals, False, received)
        connection.settimeout(left)
        try:
            piece = connection.recv(65536)
        except TimeoutError:
            return RawAnswer(finals, False, received)
        except ConnectionResetError:
            return RawAnswer(finals, True, received)
        if not piece:
            return RawAnswer(finals, True, received)
        received += piece


def wait_closed(connection: socket.socket, seconds: float) -> float | None:
    """How long until the server closes, in seconds; None when it does not within `seconds`."""
    began = time.monotonic()
    while True:
        left = seconds - (time.monotonic() - began)
        if left <= 0:
            return None
        connection.settimeout(left)
        try:
            if not connection.recv(65536):
                return time.monotonic() - began
        except TimeoutError:
            return None
        except ConnectionResetError:
            return time.monotonic() - began


def _closes(connection: socket.socket, after: Reply) -> bool:
    """Whether the server closes after its answer. When it says so in Connection: close that is
    waited for; else it is looked whether it has.
    """
    connection.settimeout(PATIENCE_SECONDS if after.headers.get("Connection") == "close" else 0.05)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def split_answers(received: bytes) -> tuple[list[Reply], bytes]:
    """The complete answers in a stream of bytes, and what is left over."""
    replies: list[Reply] = []
    while True:
        head, blank, rest = received.partition(b"\r\n\r\n")
        if not blank:
            return replies, received
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        pairs = [(line.partition(":")[0], line.partition(":")[2].strip()) for line in lines[1:]]
        headers = Headers(pairs)
        length = int(headers.get("Content-Length") or 0)
        if len(rest) < length:
            return replies, received
        replies.append(Reply("raw", "raw", status, headers, rest[:length]))
        received = rest[length:]


def request(
    method: str = "GET",
    target: str = "/categories",
    *lines: str,
    body: bytes = b"",
    version: str = "HTTP/1.1",
    host: str | None = "localhost",
) -> bytes:
    """A request head put together from exactly these lines, and a body."""
    head = [f"{method} {target} {version}"]
    if host is not None:
        head.append(f"Host: {host}")
    head += lines
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body
