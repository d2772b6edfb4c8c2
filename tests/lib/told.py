"""What stands in the topics, as an independent client reads it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import confluent_kafka as confluent

#: A client that changes nothing.
READER = {"group.id": "promises", "enable.auto.commit": False, "log_level": 0}


@dataclass(frozen=True)
class Told:
    """One record."""

    topic: str
    partition: int
    offset: int
    key: str
    body: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.body["eventId"])

    @property
    def type(self) -> str:
        return str(self.body["eventType"])


def everything_told(topics: Iterable[str], brokers: str) -> list[Told]:
    """All records of these topics, in the order of each partition."""
    reader = confluent.Consumer({**READER, "bootstrap.servers": brokers})
    left: dict[tuple[str, int], int] = {}
    for topic in topics:
        for number in reader.list_topics(topic, timeout=60).topics[topic].partitions:
            part = confluent.TopicPartition(topic, number)
            first, end = reader.get_watermark_offsets(part, timeout=60)
            if end > first:
                left[topic, number] = end
    reader.assign([confluent.TopicPartition(topic, part, 0) for topic, part in left])
    found = []
    while left:
        message = reader.poll(60)
        assert message is not None and message.error() is None, message
        where = (message.topic(), message.partition())
        key, body = (message.key() or b"").decode(), json.loads(message.value())
        found.append(Told(*where, message.offset(), key, body))
        if message.offset() + 1 >= left.get(where, 0):
            left.pop(where, None)
    reader.close()
    return found


def ends_of(offsets: Iterable[tuple[Any, ...]], brokers: str) -> bool:
    """Whether each (topic, partition, next offset) is the end of that partition."""
    reader = confluent.Consumer({**READER, "bootstrap.servers": brokers})
    try:
        for topic, part, at in offsets:
            place = confluent.TopicPartition(topic, int(part))
            if reader.get_watermark_offsets(place, timeout=60)[1] != int(at):
                return False
        return True
    finally:
        reader.close()
