"""A MariaDB server of a run's own, in a scratch folder, on 127.0.0.1 and a free port; ended by pid.

    PYTHONPATH=tests python3 -m lib.mariadb COMMAND…  runs COMMAND with one, named in MC_TEST_MYSQL
"""

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from lib.daemon import Daemon
from lib.ports import free_port
from lib.required import exit_if_required

START_SECONDS_MAX = 180.0
#: Debian keeps the server where only root's PATH looks.
FOLDERS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb")


def missing() -> str | None:
    """Why there can be no server here; nothing when there can."""
    away = [name for name in PROGRAMS if shutil.which(name, path=FOLDERS) is None]
    return f"{', '.join(away)} not installed (./dev setup)" if away else None


def program(name: str) -> str:
    found = shutil.which(name, path=FOLDERS)
    assert found, f"{name} is not installed"
    return found


class MariaDb(Daemon):
    """Its user `root` has no password."""

    host = "127.0.0.1"
    user = "root"
    password = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        #: As whom the server runs, and whose its files are.
        self.account = getpass.getuser()
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def log(self) -> str:
        path = self.folder / "server.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def start(self) -> "MariaDb":
        if not (self.folder / "data").exists():
            self._install()
        self._run(*self._options())
        self._wait_until_it_answers()
        return self

    def _install(self) -> None:
        data = self.folder / "data"
        # A folder for temporary tables of its own: others that are made at the same time clear away
        # what they find there.
        done = subprocess.run(
            [
                program("mariadb-install-db"),
                "--no-defaults",
                f"--datadir={data}",
                f"--user={self.account}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            env=os.environ | {"TMPDIR": str(data)},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _options(self) -> list[str]:
        return [
            f"--datadir={self.folder / 'data'}",
            # Of its own: a server that starts clears away every temporary table it finds.
            f"--tmpdir={self.folder / 'data'}",
            f"--user={self.account}",
            f"--port={self.port}",
            f"--bind-address={self.host}",
            f"--socket={self.folder / 'socket'}",
            "--innodb-buffer-pool-size=64M",
            "--skip-log-bin",
        ]

    def _run(self, *options: str) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program("mariadbd"), "--no-defaults", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_until_it_answers(self) -> None:
        assert self.process is not None
        until = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                self.query("SELECT 1")
                return
            except subprocess.CalledProcessError:
                ended = self.process.poll() is not None
                assert not ended and time.monotonic() < until, self.log[-3000:]
                time.sleep(0.05)

    def query(self, sql: str, schema: str = "") -> list[tuple[str, ...]]:
        """Rows as texts, by the server's own client."""
        done = subprocess.run(
            [*self._client(schema), f"--execute={sql}"], check=True, capture_output=True, text=True
        )
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def complaints(self, statements: list[str], schema: str) -> str:
        """Runs them all, whatever fails, with "word" as a column's name as our sessions have it.
        What the server says against them.
        """
        script = ";\n".join(["SET SESSION sql_mode = 'ANSI_QUOTES'", *statements]) + ";\n"
        done = subprocess.run(
            [*self._client(schema), "--force"],
            input=script,
            check=False,
            capture_output=True,
            text=True,
        )
        return done.stderr

    def _client(self, schema: str) -> list[str]:
        return [
            program("mariadb"),
            "--no-defaults",
            f"--host={self.host}",
            f"--port={self.port}",
            f"--user={self.user}",
            "--protocol=tcp",
            "--batch",
            "--skip-column-names",
            *([schema] if schema else []),
        ]

    def make_schemas(self, *names: str) -> None:
        for name in names:
            self.query(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")

    def settings(self, prefix: str, services: Iterable[str]) -> dict[str, str | None]:
        """Makes a database per service and gives the settings that lead there."""
        names = {service: f"{prefix}_{service}" for service in services}
        self.make_schemas(*names.values())
        return {
            "DB_HOST": self.host,
            "DB_PORT": str(self.port),
            "DB_USER": self.user,
            "DB_POOL_SIZE": "6",
            **{f"{service.upper()}_DB_NAME": name for service, name in names.items()},
        }


def main(command: list[str]) -> int:
    if why := missing():
        exit_if_required(f"what needs a MySQL server; MariaDB: {why}")
        if os.environ.get("MC_TEST_ENGINE") == "mysql":
            print(f"skipped: {' '.join(command)}; MariaDB: {why}")
            return 0
        print(f"skipped: what needs a MySQL server; MariaDB: {why}")
        return subprocess.run(command, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="microcommerce-mariadb-") as folder:
        server = MariaDb(Path(folder)).start()
        try:
            named = f"{server.user}:{server.password}@{server.host}:{server.port}"
            environment = {**os.environ, "MC_TEST_MYSQL": named}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
