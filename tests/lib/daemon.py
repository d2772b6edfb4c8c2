"""A server of somebody else's that a test starts, and does to it what happens to servers."""

import signal
import subprocess
from pathlib import Path
from typing import Any

from lib.waiting import wait_until

STOP_SECONDS_MAX = 60.0


def _stands_still(thread: Path) -> bool:
    try:
        return (thread / "stat").read_text().rsplit(") ", 1)[1].startswith("T")
    except (FileNotFoundError, ProcessLookupError):
        return True  # It ended meanwhile.


class Daemon:
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Any:
        """Starts it, the first time or again, and waits until it answers."""
        raise NotImplementedError

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS_MAX)

    def freeze(self) -> None:
        """It stays there and answers nobody, once this returns: its threads stop one by one."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self.process.pid}/task")
        wait_until(lambda: all(map(_stands_still, threads.iterdir())), "all its threads stop")

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.thaw()
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
