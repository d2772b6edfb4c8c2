"""HAProxy with the configuration of deploy/haproxy, moved to ports of a test's own."""

import http.client
import socket
import ssl
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lib.daemon import Daemon
from lib.http import ANSWER_SECONDS_MAX, Transport
from lib.ports import free_port
from lib.server import REPOSITORY, SERVICE_PORTS, SERVICES
from lib.tools import run, tool
from lib.waiting import wait_until

CONFIGURATION = REPOSITORY / "deploy/haproxy/haproxy.cfg"
#: The machines of the example, and what its servers are called.
COPIES = {"one": "10.0.0.11", "two": "10.0.0.12"}
BALANCER = "10.0.0.10"


def secure_connection(port: int) -> http.client.HTTPSConnection:
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=ANSWER_SECONDS_MAX, context=trusting
    )


class PublicTransport(Transport):
    """As customers come: by TLS. Nobody vouches for the certificate."""

    def _connect(self, service: str) -> http.client.HTTPConnection:
        return secure_connection(self.ports[service])


class Balancer(Daemon):
    """`inner` has a port for each service, `plain` and `secure` are the public's."""

    def __init__(self, folder: Path, ports: Mapping[str, Mapping[str, int]]) -> None:
        """`ports` says where each service of each copy is: ports["one"]["user"]."""
        self.program = tool("haproxy", "./dev setup")
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.plain, self.secure = free_port(), free_port()
        self.inner = {name: free_port() for name in SERVICES}
        self.process: subprocess.Popen[bytes] | None = None
        # A Unix socket's path must be short.
        self.socket = Path(f"/tmp/mc-haproxy-{self.plain}.sock")
        moved = {
            "/run/haproxy/admin.sock": str(self.socket),
            f"{BALANCER}:80\n": f"127.0.0.1:{self.plain}\n",
            f"{BALANCER}:443 ssl": f"127.0.0.1:{self.secure} ssl",
            "/etc/haproxy/shop.example.com.pem": str(folder / "shop.pem"),
            **{
                f"bind {BALANCER}:{SERVICE_PORTS[name]}\n": f"bind 127.0.0.1:{port}\n"
                for name, port in self.inner.items()
            },
            **{
                f"{address}:{SERVICE_PORTS[name]}\n": f"127.0.0.1:{ports[copy][name]}\n"
                for copy, address in COPIES.items()
                for name in SERVICES
            },
        }
        text = CONFIGURATION.read_text()
        for there, here in moved.items():
            assert text.count(there) == 1, f"{there!r} stands {text.count(there)} times"
            text = text.replace(there, here)
        (folder / "haproxy.cfg").write_text(text)
        self._make_certificate()

    def _make_certificate(self) -> None:
        make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.com"
        run(
            *make.split(), "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"
        )
        both = (self.folder / "cert.pem").read_text() + (self.folder / "key.pem").read_text()
        (self.folder / "shop.pem").write_text(both)

    @property
    def log(self) -> str:
        return (self.folder / "haproxy.log").read_text("utf-8", "replace")

    def start(self) -> "Balancer":
        with (self.folder / "haproxy.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "-db", "-f", str(self.folder / "haproxy.cfg")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(self._runs, "HAProxy answers")
        return self

    def _runs(self) -> bool:
        assert self.process is not None and self.process.poll() is None, self.log[-2000:]
        return self.socket.exists()

    def stop(self) -> None:
        super().stop()
        self.socket.unlink(missing_ok=True)

    def tell(self, command: str) -> str:
        """One command to the running balancer, as an operator gives it."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(60)
            wire.connect(str(self.socket))
            wire.sendall(command.encode() + b"\n")
            answer = b""
            while part := wire.recv(65536):
                answer += part
        return answer.decode()

    def up(self, copy: str) -> set[str]:
        """The services whose copy of that name is sent requests."""
        rows = [line.split(",") for line in self.tell("show stat -1 4 -1").splitlines()]
        return {row[0] for row in rows if len(row) > 17 and row[1] == copy and row[17] == "UP"}

    def connect(self) -> http.client.HTTPSConnection:
        """As a customer, for requests that no document tells of."""
        return secure_connection(self.secure)

    def transport(self) -> Transport:
        """One for as long as the caller likes; connections are kept per thread."""
        return PublicTransport({name: self.secure for name in SERVICES})
