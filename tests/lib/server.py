"""Starting, stopping and killing the real binary, always by pid, always on 127.0.0.1 and in a
scratch folder.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lib.http import Transport
from lib.ports import claim
from lib.waiting import wait_until

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MICROCOMMERCE_BIN", REPOSITORY / "build/release/microcommerce"))

#: Every service of the shop with its port (README).
SERVICE_PORTS = {"user": 3001, "cart": 3002, "order": 3003, "product": 3004, "inventory": 3005}
SERVICES = tuple(SERVICE_PORTS)
#: Every server of the tests has it; that one without it makes its own, or refuses to start, is what
#: security/test_shared_keys.py asks with JWT_SECRET: None.
JWT_SECRET = "black-box-tests-sign-with-this-0123456789abcdef"
#: For those that run as several processes. No server has it unless its test says so.
INTERNAL_TOKEN_SECRET = "black-box-tests-between-services-0123456789abcdef"
#: For shops of several processes: a neighbour that is slow since this machine is busy is not away.
PATIENT = dict.fromkeys(
    (
        "AUTH_TIMEOUT_MS",
        "CART_TIMEOUT_MS",
        "PRODUCT_SERVICE_TIMEOUT_MS",
        "USER_SERVICE_TIMEOUT_MS",
        "INVENTORY_TIMEOUT_MS",
    ),
    "20000",
)
#: A limiter no ordinary test can reach, in requests per window.
PLENTY = "100000000"
#: How long a start may take before the test gives up: promises about it are the tests' own.
START_SECONDS_MAX = 120.0
#: A server must be gone this long after SIGTERM (reliability.md), in seconds.
STOP_SECONDS_MAX = 5.0
#: How long a process may take to end before the test gives up.
END_SECONDS_MAX = 60.0
#: How long a start is tried again while somebody else has one of the ports, in seconds.
PORT_SECONDS_MAX = 30.0
#: How long a command may take.
COMMAND_SECONDS_MAX = 120.0


def free_offset() -> int:
    """A number N such that 3001+N, 3002+N … are free on 127.0.0.1, and this run's from now on."""
    for _ in range(200):
        offset = random.randrange(5_000, 28_000, 10)
        if claim(*(port + offset for port in SERVICE_PORTS.values())):
            return offset
    raise AssertionError("no free ports for every service found")


def _who_listens() -> str:
    if shutil.which("ss") is None:
        return ""
    return subprocess.run(["ss", "-tanp"], capture_output=True, text=True, check=False).stdout


class PortTaken(AssertionError):
    """Between choosing a port and listening on it somebody else was quicker."""


class Server:
    """One `microcommerce serve` and its data folder. It may be killed and started again on the same
    ports.
    """

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str | None] | None = None,
        services: Sequence[str] = (),
        arguments: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log_path = folder / "server.log"
        self.services = tuple(services)
        self.arguments = tuple(arguments)
        self.process: subprocess.Popen[bytes] | None = None
        self.has_answered = False
        self._log_before = 0
        self.offset = 0
        self.ports: dict[str, int] = {}
        self.transport = Transport({})
        folder.mkdir(parents=True, exist_ok=True)
        wanted: dict[str, str | None] = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "HOST": "127.0.0.1",
            "RATE_LIMIT_MAX": PLENTY,
            "JWT_SECRET": JWT_SECRET,
            **(env or {}),
        }
        self.env = {key: value for key, value in wanted.items() if value is not None}
        self._names_its_offset = "PORT_OFFSET" not in (env or {})
        self._take_ports()

    def _take_ports(self) -> None:
        self.offset = free_offset()
        # Filled anew, not replaced: a test may hold on to them.
        self.ports.update({name: port + self.offset for name, port in SERVICE_PORTS.items()})
        self.transport.ports.update(self.ports)
        if self._names_its_offset:
            # For the commands beside it: doctor looks at ports.
            self.env["PORT_OFFSET"] = str(self.offset)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None, "the server was never started"
        return self.process.pid

    @property
    def log(self) -> str:
        return self.log_path.read_text("utf-8", "replace") if self.log_path.exists() else ""

    def spawn(self) -> None:
        """Starts the process without waiting for anything."""
        require_binary()
        self._log_before = len(self.log)
        command = [str(BINARY), "serve", *self.services, "--port-offset", str(self.offset)]
        command += ["--data-dir", str(self.data), *self.arguments]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=self.env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start(self, probe: str = "/ready") -> "Server":
        """Starts the process and waits until every service answers the probe with 200. When
        somebody has a port: takes others if it is its first start, else tries for a while, as
        systemd would.
        """
        self.spawn()
        what = f"{self.folder.name}: {probe} of every service"
        until = time.monotonic() + PORT_SECONDS_MAX
        while not self._is_up(probe, what, until):
            self.spawn()
        self.has_answered = True
        return self

    def _is_up(self, probe: str, what: str, until: float) -> bool:
        try:
            return wait_until(lambda: self._answers(probe), what, START_SECONDS_MAX)
        except PortTaken:
            if time.monotonic() > until:
                raise
            if not self.has_answered:
                self._take_ports()
        return False

    def _answers(self, probe: str) -> bool:
        if not self.running:
            if "is taken by another process" in self.log[self._log_before :]:
                raise PortTaken(f"{self.log[-300:]}\n{_who_listens()}")
            raise AssertionError(
                f"the server ended at once (code {self.process.poll()}):\n{self.log[-3000:]}"
            )
        try:
            names = self.services or SERVICES
            return all(self.transport.send(name, "GET", probe).status == 200 for name in names)
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9: nothing is flushed, nobody is told."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(END_SECONDS_MAX)
        self.transport.forget_connections()

    def ask_to_stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """The exit code of a process that ends by itself, or that somebody has told to."""
        assert self.process is not None
        return self.process.wait(END_SECONDS_MAX)

    def stop(self, seconds: float = END_SECONDS_MAX) -> int:
        """SIGTERM, then the exit code. A server that does not go is killed and reported."""
        assert self.process is not None
        if self.running:
            self.ask_to_stop()
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server was still there {seconds} s after SIGTERM") from None
        self.transport.forget_connections()
        return code

    def restart(self) -> None:
        """After kill(): the same folder, the same ports."""
        self.start()

    def run(
        self, *command: str, check: bool = True, timeout: float = COMMAND_SECONDS_MAX
    ) -> subprocess.CompletedProcess[str]:
        """Another command of the product on the same data folder and environment."""
        done = run_binary(
            *command, "--data-dir", str(self.data), env=self.env, cwd=self.folder, timeout=timeout
        )
        if check:
            assert done.returncode == 0, (
                f"{command}: code {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done

    def run_json_lines(self, *command: str) -> list[dict[str, Any]]:
        """For commands that print one JSON object per line."""
        return [json.loads(line) for line in self.run(*command).stdout.splitlines() if line.strip()]

    def resident_bytes(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")


def require_binary() -> None:
    assert BINARY.exists(), (
        f"{BINARY} is not built (./dev build makes it; MICROCOMMERCE_BIN names another)"
    )


def run_binary(
    *command: str, env: Mapping[str, str], cwd: Path, timeout: float = COMMAND_SECONDS_MAX
) -> subprocess.CompletedProcess[str]:
    require_binary()
    return subprocess.run(
        [str(BINARY), *command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
