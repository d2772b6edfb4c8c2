"""Three Kafka brokers that keep each record three times and acknowledge it when two have it."""

from pathlib import Path

from confluent_kafka.admin import AdminClient, PartitionMetadata

from lib.kafka import Kafka
from lib.parallel import at_once
from lib.ports import free_port

BROKERS = 3


class KafkaCluster:
    """Every broker is a controller, too. Any of them may be killed."""

    def __init__(self, folder: Path) -> None:
        controllers = {number: free_port() for number in range(1, BROKERS + 1)}
        self.brokers = {n: Kafka(folder / f"broker{n}", n, controllers) for n in controllers}
        self._asked: AdminClient | None = None

    @property
    def address(self) -> str:
        return ",".join(broker.address for broker in self.brokers.values())

    def start(self) -> "KafkaCluster":
        at_once(BROKERS, lambda n: self.brokers[n + 1].start())
        return self

    def stop(self) -> None:
        at_once(BROKERS, lambda n: self.brokers[n + 1].stop())

    def _partitions(self, topic: str) -> dict[int, PartitionMetadata]:
        if self._asked is None:
            self._asked = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        return self._asked.list_topics(topic, timeout=60).topics[topic].partitions

    def leaders(self, topic: str) -> dict[int, int]:
        """The broker that leads each partition; -1 while there is none."""
        return {number: part.leader for number, part in self._partitions(topic).items()}

    def copies_in_sync(self, topic: str) -> int:
        """Of the partition that has the fewest."""
        return min(len(part.isrs) for part in self._partitions(topic).values())
