"""Other people's Kafka clients, to read what we write and to write what we read."""

import itertools
import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import confluent_kafka as confluent
import pytest

from lib.kafka import JARS, Kafka
from lib.server import Server

#: Where ./dev setup puts kafkajs, if there is Node.js.
NODE_MODULES = JARS.parent / "node_modules"
#: Whose events have a topic.
TOPICS = ("user", "product", "order", "inventory")
NewKafkaServer = Callable[..., Server]
_numbers = itertools.count(1)


class Reader:
    """An independent client (librdkafka of its own, by confluent-kafka)."""

    def __init__(self, broker: Kafka, topic: str) -> None:
        self.client = confluent.Consumer(
            {
                "bootstrap.servers": broker.address,
                "group.id": f"reader-{next(_numbers)}",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        self.client.subscribe([topic])

    def next(self, seconds: float = 60) -> Any:
        message = self.client.poll(seconds)
        assert message is not None, "no record came"
        assert message.error() is None, message.error()
        return message


def names_of_topics(prefix: str) -> dict[str, str]:
    """Settings that give a shop topics of its own."""
    return {f"KAFKA_{name.upper()}_EVENTS_TOPIC": f"{prefix}-{name}-events" for name in TOPICS}


def topic_of(server: Server, name: str) -> str:
    return server.env[f"KAFKA_{name.upper()}_EVENTS_TOPIC"]


def write(broker: Kafka, topic: str, *records: dict[str, Any]) -> None:
    """As a foreign producer; `key`, `value`, `headers`, `partition` as confluent-kafka has them."""
    producer = confluent.Producer({"bootstrap.servers": broker.address})
    for record in records:
        producer.produce(topic, **record)
    assert producer.flush(60) == 0


def run_kafkajs(script: str, **given: Any) -> Any:
    """Runs a script with kafkajs at hand; what it prints last is JSON."""
    if shutil.which("node") is None or not (NODE_MODULES / "kafkajs").exists():
        pytest.skip("kafkajs: Node.js or kafkajs is not here (./dev setup)")
    head = f"const given = {json.dumps(given)};\n"
    head += "const { Kafka, logLevel } = require('kafkajs');\n"
    head += "const kafka = new Kafka({ clientId: 'node', brokers: given.brokers,"
    head += " logLevel: logLevel.NOTHING });\n"
    body = f"(async () => {{ {script} }})().catch(e => {{ console.error(e); process.exit(1); }});"
    done = subprocess.run(
        ["node", "-e", head + body],
        env={"NODE_PATH": str(NODE_MODULES), "KAFKAJS_NO_PARTITIONER_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])
