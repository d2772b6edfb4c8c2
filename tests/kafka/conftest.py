"""One Kafka for all of these tests; what kills or starves one makes its own. Each server gets
topics and groups of its own.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import NewServer
from lib import kafka as lib_kafka
from lib.kafka import Kafka
from lib.kafka_clients import NewKafkaServer, names_of_topics
from lib.server import SERVICES, Server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    shared = Kafka(tmp_path_factory.mktemp("kafka")).start()
    yield shared
    shared.stop()


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Kafka]:
    """Not started."""
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    own = Kafka(tmp_path / "kafka")
    yield own
    own.stop()


def groups(prefix: str, services: tuple[str, ...]) -> dict[str, str]:
    if len(services) == 1:
        return {"KAFKA_GROUP_ID": f"{prefix}-{services[0]}"}
    return {f"{name.upper()}_KAFKA_GROUP_ID": f"{prefix}-{name}" for name in services}


@pytest.fixture
def on_kafka(new_server: NewServer) -> NewKafkaServer:
    """Makes servers whose events go through a Kafka; `prefix` says whose topics they share."""

    def make(
        broker: Kafka,
        name: str = "own",
        services: tuple[str, ...] = (),
        prefix: str | None = None,
        env: dict[str, str] | None = None,
    ) -> Server:
        prefix = prefix or f"t{next(_numbers)}"
        settings = {
            "KAFKA_BROKER": broker.address,
            **names_of_topics(prefix),
            **groups(prefix, services or SERVICES),
            **(env or {}),
        }
        return new_server(name, services=services, env=settings)

    return make
