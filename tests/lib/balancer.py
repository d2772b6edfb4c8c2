"""HAProxy before the nodes of a Galera cluster: one address, and one node behind it at a time, as
docs/mysql.md recommends it. (lib.haproxy is the one before our own processes.)
"""

import csv
import io
import os
import shutil
import socket
import subprocess
from pathlib import Path

from lib.daemon import Daemon
from lib.mariadb import FOLDERS, MariaDb
from lib.ports import free_port
from lib.waiting import wait_until

#: The account by which it asks whether a server answers. It may do nothing else.
CHECKER = "balancer"
CONFIGURATION = """
global
    stats socket {folder}/control mode 600 level user
defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
listen galera
    bind 127.0.0.1:{port}
    # All connections go to one server, and stay with its successor when it comes back.
    stick-table type ip size 1 nopurge
    stick on dst
    option mysql-check user {checker}
    default-server inter 500ms fall 2 rise 2 on-marked-down shutdown-sessions
{servers}
"""


def missing() -> str | None:
    """Why there can be none here; nothing when there can."""
    away = shutil.which("haproxy", path=FOLDERS) is None
    return "haproxy is not installed (./dev setup)" if away else None


class Balancer(Daemon):
    """The first of the servers is in use until it is gone."""

    def __init__(self, folder: Path, servers: list[MariaDb]) -> None:
        self.folder, self.servers, self.port = folder, servers, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            f"    server node{n} 127.0.0.1:{server.port} check{' backup' if n > 1 else ''}"
            for n, server in enumerate(servers, 1)
        ]
        (folder / "haproxy.cfg").write_text(
            CONFIGURATION.format(
                folder=folder, port=self.port, checker=CHECKER, servers="\n".join(lines)
            )
        )

    def start(self) -> "Balancer":
        for name in ("127.0.0.1", "localhost"):
            self.servers[0].query(f"CREATE USER IF NOT EXISTS '{CHECKER}'@'{name}'")
        program = shutil.which("haproxy", path=FOLDERS)
        assert program, "haproxy is not installed"
        with (self.folder / "haproxy.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, "-db", "-f", str(self.folder / "haproxy.cfg")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"]},
            )
        wait_until(lambda: self.states().count("UP") == len(self.servers), "all servers are up")
        return self

    def _rows(self) -> list[dict[str, str]]:
        with socket.socket(socket.AF_UNIX) as control:
            try:
                control.connect(str(self.folder / "control"))
            except OSError:
                return []
            control.sendall(b"show stat\n")
            told = b"".join(iter(lambda: control.recv(65536), b"")).decode()
        rows = csv.DictReader(io.StringIO(told.removeprefix("# ")))
        return [row for row in rows if row["svname"].startswith("node")]

    def states(self) -> list[str]:
        """`UP` or `DOWN` of each server, as the balancer sees it."""
        return [row["status"].split()[0] for row in self._rows()]

    def connections(self) -> list[int]:
        """How many are open to each server."""
        return [int(row["scur"]) for row in self._rows()]
