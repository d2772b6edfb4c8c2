"""Servers that these tests kill. A cluster is started once for all tests that need it; each leaves
it whole.
"""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib import balancer as lib_balancer
from lib import galera as lib_galera
from lib import kafka as lib_kafka
from lib import mariadb as lib_mariadb
from lib.balancer import Balancer
from lib.galera import Galera
from lib.kafka import Kafka
from lib.kafka_cluster import KafkaCluster
from lib.mariadb import MariaDb


@pytest.fixture
def seed() -> int:
    """Decides who does what and who is killed when. MC_TEST_SEED runs one again."""
    chosen = int(os.environ.get("MC_TEST_SEED", random.randrange(1_000_000)))
    print(f"MC_TEST_SEED={chosen}")
    return chosen


def need(name: str, missing: Callable[[], str | None]) -> None:
    if why := missing():
        pytest.skip(f"{name}: {why}")


@pytest.fixture(scope="module")
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    need("MariaDB", lib_mariadb.missing)
    server = MariaDb(tmp_path_factory.mktemp("mariadb"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def one_kafka(tmp_path: Path) -> Iterator[Kafka]:
    need("Kafka", lib_kafka.missing)
    broker = Kafka(tmp_path / "kafka")
    try:
        yield broker.start()
    finally:
        broker.stop()


@pytest.fixture(scope="session")
def kafka_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    need("Kafka", lib_kafka.missing)
    cluster = KafkaCluster(tmp_path_factory.mktemp("brokers"))
    try:
        yield cluster.start()
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def galera() -> Iterator[Galera]:
    need("Galera", lib_galera.missing)
    cluster = Galera()
    try:
        yield cluster.start()
    finally:
        cluster.stop()


@pytest.fixture
def balancer(galera: Galera) -> Iterator[Balancer]:
    need("HAProxy", lib_balancer.missing)
    before = Balancer(galera.folder / "balancer", list(galera.nodes))
    try:
        yield before.start()
    finally:
        before.stop()
