"""A user service that is none of ours: it speaks GET /auth/session and sends USER_CREATED exactly
as wire-contract.md observed them on the Node.js system, and nothing more.
"""

import itertools
import json
import secrets
import socket
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_tokens = itertools.count(1)


@dataclass
class Account:
    id: int
    name: str
    email: str
    role: str = "user"
    status: str = "active"

    @property
    def public(self) -> dict[str, Any]:
        """The user object (wire-contract §3)."""
        return {
            "id": self.id,
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "accountStatus": self.status,
        }


def user_created(account: Account, event_id: str = "", at: str = "") -> dict[str, Any]:
    """A record for a producer: key, value and the three headers, with Node's member at the end."""
    value = {
        "eventId": event_id or str(uuid.uuid4()),
        "eventType": "USER_CREATED",
        "eventVersion": 1,
        "occurredAt": at or time.strftime("%Y-%m-%dT%H:%M:%S.021Z", time.gmtime()),
        "producer": "user-service",
        "data": account.public,
        "event": "USER_CREATED",
    }
    return {
        "key": str(account.id).encode(),
        "value": json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(),
        "headers": [
            ("eventType", b"USER_CREATED"),
            ("eventVersion", b"1"),
            ("producer", b"user-service"),
        ],
    }


class ForeignUserService:
    """Its tokens are opaque to others: who holds one is known here alone."""

    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self._holders: dict[str, int] = {}
        #: Tokens that are refused, and with what words.
        self._ended: dict[str, str] = {}
        #: Authorization headers of the questions, in their order.
        self.asked: list[str] = []
        #: What it answers instead, if anything: status and body.
        self.instead: tuple[int, dict[str, Any]] | None = None
        self._connections: list[socket.socket] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, body = owner._answer(self.path, self.headers.get("Authorization", ""))
                data = json.dumps(body, separators=(",", ":")).encode()
                self.send_response_only(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.end_headers()
                self.wfile.write(data)

            def setup(self) -> None:
                super().setup()
                owner._connections.append(self.connection)

            def log_message(self, *_: object) -> None:
                pass

        self._handler = Handler
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def _answer(self, path: str, authorization: str) -> tuple[int, dict[str, Any]]:
        if path != "/auth/session":
            return 404, {"message": f"Route not found: GET {path}"}
        self.asked.append(authorization)
        if self.instead is not None:
            return self.instead
        token = authorization.removeprefix("Bearer ")
        if token in self._ended:
            return 401, {"message": self._ended[token], "requestId": "mws8b9cw-n5g647rr"}
        account = self.accounts.get(self._holders.get(token, 0))
        if account is None:
            return 401, {"message": "Unauthorized"}
        return 200, {"user": {"id": account.id, "role": account.role}}

    def sign_up(self, number: int, name: str = "Frida", role: str = "user") -> str:
        """A token of a new account, in the form of a JWT, which only the issuer can judge."""
        self.accounts[number] = Account(number, name, f"{name.lower()}{number}@example.com", role)
        token = f"eyJhbGciOiJIUzI1NiJ9.{next(_tokens)}-{secrets.token_hex(8)}.c2lnbmF0dXJl"
        self._holders[token] = number
        return token

    def end(self, token: str, words: str) -> None:
        self._ended[token] = words

    def close(self) -> None:
        """From now on nobody answers on its port."""
        self.server.shutdown()
        self.server.server_close()
        for each in self._connections:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It is over already.
        self._connections.clear()

    def back(self) -> None:
        """After close(): the same accounts on the same port."""
        self.server = ThreadingHTTPServer(self.server.server_address[:2], self._handler)
        self.server.daemon_threads = True
        self._serve()
