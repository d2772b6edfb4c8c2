"""What a service may find where it expects another service."""

import json
import socket
import threading
from contextlib import suppress


class Neighbour:
    """A port on 127.0.0.1 that answers every request with the same bytes, or with nothing at all.

    With `drip_seconds` it waits so long after each byte.
    """

    def __init__(self, answer: bytes | None, *, drip_seconds: float = 0.0) -> None:
        self.answer = answer
        self.drip_seconds = drip_seconds
        self.seen: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.held: list[socket.socket] = []
        self._over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.held.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            while data := connection.recv(65536):
                self.seen.append(data)
                if self.answer is not None:
                    self._send(connection, self.answer)
        except OSError:
            pass

    def _send(self, connection: socket.socket, data: bytes) -> None:
        if not self.drip_seconds:
            connection.sendall(data)
            return
        for byte in data:
            connection.sendall(bytes([byte]))
            if self._over.wait(self.drip_seconds):
                return

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # Whoever waits in accept() hears of it.
        self.listener.close()
        for connection in self.held:
            connection.close()


def json_answer(status: int, body: object) -> bytes:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json; charset=utf-8\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


SESSION = json_answer(200, {"user": {"id": 7, "role": "user"}})
