"""A TCP proxy at which something happens, once, between a request and its answer."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from lib.ports import free_port

CHUNK_BYTES = 65536


class Tripwire:
    """127.0.0.1:port → 127.0.0.1:target. Set: `before(mark, act)` calls act when the mark comes by
    in a request, before that is passed on; `after(mark, act)` when the mark has come by and its
    answer comes back, before that is passed on. What was stopped there is never passed on.
    """

    def __init__(self, target: int) -> None:
        self.target, self.port = target, free_port()
        self.struck = 0
        self._lock = threading.Lock()
        self._set: tuple[str, bytes, Callable[[], None]] | None = None
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def before(self, mark: bytes, act: Callable[[], None]) -> None:
        self._set, self.struck = ("before", mark, act), 0

    def after(self, mark: bytes, act: Callable[[], None]) -> None:
        self._set, self.struck = ("after", mark, act), 0

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # Whoever waits in accept() hears of it.
        self._listener.close()

    def _heard(self, before: bytes, data: bytes) -> bytes:
        """What is asked now."""
        return data

    def _is_meant(self, asked: bytes, mark: bytes) -> bool:
        return mark in asked

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(
            ("127.0.0.1", self.target)
        ) as far:
            asked = [b""]
            back = threading.Thread(target=self._pump, args=(far, near, "after", asked))
            back.start()
            self._pump(near, far, "before", asked)
            back.join()

    def _pump(
        self, source: socket.socket, to: socket.socket, when: str, asked: list[bytes]
    ) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                if when == "before":
                    asked[0] = self._heard(asked[0], data)
                if self._strikes(when, asked[0]):
                    break
                to.sendall(data)
        for each in (source, to):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _strikes(self, when: str, asked: bytes) -> bool:
        with self._lock:
            if self._set is None or self._set[0] != when or not self._is_meant(asked, self._set[1]):
                return False
            act = self._set[2]
            self._set = None
            self.struck += 1
        act()
        return True


class CommitWire(Tripwire):
    """Before a MariaDB: what is asked is a transaction, and it strikes at its COMMIT."""

    END, UNDO = b"COMMIT", b"ROLLBACK"

    def _heard(self, before: bytes, data: bytes) -> bytes:
        asked = data if self.END in before else before + data
        return asked.rpartition(self.UNDO)[2]

    def _is_meant(self, asked: bytes, mark: bytes) -> bool:
        return mark in asked and self.END in asked
