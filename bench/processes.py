"""Starting, watching and stopping processes; reading what they cost from /proc."""

import os
import random
import signal
import socket
import subprocess
import time

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 15
QUIET_SECONDS_MAX = 20


class BenchError(Exception):
    """A measurement cannot be made; the text says why."""


def cpu_seconds(*pids):
    """User and system time of the processes and their threads, dead ones included."""
    return sum(_cpu_seconds(pid) for pid in pids)


def _cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        # The name stands in brackets and may hold blanks; utime and stime are fields 14 and 15.
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def resident_mib(*pids):
    return sum(_resident_mib(pid) for pid in pids)


def _resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise BenchError(f"process {pid} has no VmRSS")


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]


def wait_until_quiet(*pids):
    """Waits for the work that goes on after the last answer (events, checkpoints). Returns its
    seconds, or None when the processes were still busy after QUIET_SECONDS_MAX."""
    start = time.monotonic()
    before = cpu_seconds(*pids)
    quiet_since = start
    while time.monotonic() - start < QUIET_SECONDS_MAX:
        time.sleep(0.1)
        after = cpu_seconds(*pids)
        # One tick in 0.1 s is 10 % of a core: housekeeping. A backlog takes more.
        if after - before > 1.5 / TICKS_PER_SECOND:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= 0.25:
            return quiet_since - start
        before = after
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_port_offset(first=3000, count=10):
    """An offset that moves `count` ports to free ones below those the kernel hands out."""
    for _ in range(100):
        offset = random.randrange(8_000, 28_000, 20)
        if all(_can_bind(first + offset + i) for i in range(count)):
            return offset
    raise BenchError("no free ports found between 11000 and 31000")


def _can_bind(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


class Child:
    """A server process, stopped by its pid at the end of a `with`."""

    def __init__(self, arguments, log, env=None, cwd=None):
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env, cwd=cwd
            )
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def check_alive(self):
        if self.process.poll() is not None:
            raise BenchError(f"it exited with {self.process.returncode}:\n{self.log_tail()}")

    def log_tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as text:
            return "".join(text.readlines()[-15:])

    def stop(self):
        """SIGTERM, and SIGKILL when that is not heard. Returns the seconds it took."""
        start = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return time.monotonic() - start
