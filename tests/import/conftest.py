"""A Node.js system full of rows, and shops to bring them into."""

import itertools
from collections.abc import Callable

import pytest

from lib.mariadb import MariaDb
from lib.old_node import OldSystem
from lib.old_node_rows import fill
from lib.server import SERVICES, Server

_numbers = itertools.count(1)
NewOld = Callable[..., OldSystem]


@pytest.fixture
def new_old(database: MariaDb) -> NewOld:
    """Makes a Node.js system's schemas, empty."""

    def make(loose: bool = False) -> OldSystem:
        return OldSystem(database, f"node{next(_numbers)}", loose)

    return make


@pytest.fixture
def old(new_old: NewOld) -> OldSystem:
    """A Node.js system with rows of every kind."""
    return fill(new_old())


@pytest.fixture(params=["sqlite", "mysql"])
def target(
    request: pytest.FixtureRequest, database: MariaDb, new_server: Callable[..., Server]
) -> Server:
    """A shop that was never started, on each engine."""
    if request.param == "sqlite":
        return new_server("sqlite")
    return new_server("mysql", env=database.settings(f"shop{next(_numbers)}", SERVICES))
