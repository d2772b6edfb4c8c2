"""How the tests are shared out when several processes run them (pytest-xdist, ./dev test system).

A file's tests run one after another in one process. Each process has a shared server of its own,
and a MariaDB and a Kafka if one of its files asks for them.
"""

import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

#: Folders that begin first, the longest first: they wait for minutes, and nobody wants to wait for
#: them alone at the end.
FIRST = (
    "cluster",
    "faults",
    "kafka",
    "stock",
    "import",
    "reliability",
    "deploy",
    "engines",
    "events",
)
#: Files that share servers which are dear to start, so one process runs them all.
TOGETHER = ("cluster/", "stock/test_separate")


def _scope(nodeid: str) -> str:
    for each in TOGETHER:
        if nodeid.startswith(each):
            return each
    return nodeid.split("::", 1)[0]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not hasattr(config, "workerinput"):
        return
    rank = {folder: at for at, folder in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.nodeid.split("/", 1)[0], len(FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _scope(nodeid)

    # It would begin with what has the most tests, and those are the quick ones.
    config.option.loadscopereorder = False
    return Files(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """The run's own name, which servers inherit from the process that starts them."""
    if not hasattr(config, "workerinput") and hasattr(config.option, "testrunuid"):
        config.option.testrunuid = uuid.uuid4().hex


def pytest_unconfigure(config: pytest.Config) -> None:
    """Interrupted, the processes end at once and leave behind what they had started."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        return
    folder = str(config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]
    for pid in _left_behind(config.option.testrunuid.encode(), folder.encode() + b"/"):
        words = _said_by(pid, "cmdline").replace(b"\0", b" ")[:120].decode(errors="replace")
        print(f"still running, ended now: {pid} {words}")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _left_behind(run: bytes, folder: bytes) -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*"):
        pid = int(place.name)
        if pid == os.getpid():
            continue
        if run in _said_by(pid, "environ") or folder in _said_by(pid, "cmdline"):
            yield pid


def _said_by(pid: int, what: str) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/{what}").read_bytes()
    return b""
