"""What the proofs about stock share."""

import os
import random
from collections.abc import Iterator

import pytest

from lib import kafka as lib_kafka
from lib.balanced import Balanced
from lib.kafka import Kafka
from lib.mariadb import MariaDb
from lib.server import Server

SIDES = {"rest": ("user", "product", "cart"), "order": ("order",), "inventory": ("inventory",)}


@pytest.fixture
def seed() -> int:
    """Decides what is left to chance. MC_TEST_SEED runs one again."""
    chosen = int(os.environ.get("MC_TEST_SEED", random.randrange(1_000_000)))
    print(f"MC_TEST_SEED={chosen}")
    return chosen


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    broker = Kafka(tmp_path_factory.mktemp("kafka")).start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def separate(
    kafka: Kafka, database: MariaDb, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Balanced]:
    """Everything apart, on a MariaDB and a Kafka; nobody may leave it other than it was."""

    def new(name: str, services: tuple[str, ...]) -> Server:
        return Server(tmp_path_factory.mktemp(name), services=services)

    balanced = Balanced(tmp_path_factory.mktemp("haproxy"), new, database, kafka, "apart", SIDES)
    try:
        yield balanced.start_all()
    finally:
        for part in balanced.parts.values():
            if part.running:
                part.kill()
        balanced.balancer.stop()
