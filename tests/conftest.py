"""Servers and people for all tests. Ordinary suites share one server; what kills or starves one
makes its own.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib import mariadb
from lib.mariadb import MariaDb
from lib.server import SERVICES, Server, free_offset, require_binary
from lib.shop import Person, Shop
from lib.skips import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401
from lib.workers import (  # noqa: F401
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_unconfigure,
    pytest_xdist_make_scheduler,
)

#: `release` runs the sizes of reliability.md for releases; anything else the sizes for every
#: change.
RELEASE_SIZE = os.environ.get("MC_TEST_SIZE") == "release"
#: Whether the shared server keeps its data at a MariaDB server instead of in SQLite files.
ON_MYSQL = os.environ.get("MC_TEST_ENGINE") == "mysql"


@pytest.fixture(scope="session")
def size() -> Callable[[int, int], int]:
    """`size(5, 200)`: 5 on every change, 200 before a release."""
    return lambda ordinary, release: release if RELEASE_SIZE else ordinary


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A database server for whoever asks for one. Nobody may stop it."""
    if why := mariadb.missing():
        pytest.skip(f"MariaDB: {why}")
    shared = MariaDb(tmp_path_factory.mktemp("mariadb"))
    try:
        yield shared.start()
    finally:
        shared.stop()


@pytest.fixture(scope="session")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server that ordinary suites share. Nobody may stop it."""
    require_binary()
    env: dict[str, str | None] = {}
    if ON_MYSQL:
        env = request.getfixturevalue("database").settings("shared", SERVICES)
    shared = Server(tmp_path_factory.mktemp("shared"), env=env)
    try:
        yield shared.start()
    finally:
        if shared.running:
            shared.stop()


@pytest.fixture(scope="session")
def shop(server: Server) -> Shop:
    return Shop(server)


@pytest.fixture(scope="session")
def admin(shop: Shop) -> Person:
    return shop.as_admin()


@pytest.fixture(scope="module")
def alice(shop: Shop) -> Person:
    """A customer for the tests of one file that change nothing about her account."""
    return shop.user("Alice")


@pytest.fixture(scope="module")
def mallory(shop: Shop) -> Person:
    """Another customer, who wants what is not hers."""
    return shop.user("Mallory")


@pytest.fixture(scope="module")
def supplier(shop: Shop) -> Person:
    return shop.supplier()


@pytest.fixture(scope="module")
def mug(shop: Shop) -> dict:
    """A product with plenty of stock at 19.99 USD."""
    return shop.product(stockQuantity=1_000_000)


@pytest.fixture
def scratch(tmp_path: Path) -> dict:
    """How a command is run without any server: a clean environment in a folder of its own, and
    ports that no shop on this machine listens on.
    """
    return {
        "env": {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "HOST": "127.0.0.1",
            "PORT_OFFSET": str(free_offset()),
        },
        "cwd": tmp_path,
    }


NewServer = Callable[..., Server]


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[NewServer]:
    """Makes servers of a test's own (not started); what still runs afterwards is killed by pid."""
    made: list[Server] = []

    def make(name: str = "own", **arguments: object) -> Server:
        made.append(Server(tmp_path / name, **arguments))  # type: ignore[arg-type]
        return made[-1]

    yield make
    _kill_all(made)


@pytest.fixture(scope="module")
def new_module_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewServer]:
    """The same for fixtures that keep a server for a whole file."""
    made: list[Server] = []

    def make(name: str = "module", **arguments: object) -> Server:
        made.append(Server(tmp_path_factory.mktemp(name), **arguments))  # type: ignore[arg-type]
        return made[-1]

    yield make
    _kill_all(made)


def _kill_all(servers: list[Server]) -> None:
    for server in servers:
        if server.running:
            server.kill()
