"""A Kafka of which others know only proxies: what lies between can be broken."""

from pathlib import Path

from lib.kafka import Kafka
from lib.kafka_clients import names_of_topics
from lib.ports import free_port
from lib.server import SERVICES


class FrontedKafka(Kafka):
    """A broker with a listener for each proxy, whose port it gives as its own."""

    def __init__(self, folder: Path, fronts: int) -> None:
        super().__init__(folder)
        self.fronts = [(free_port(), free_port()) for _ in range(fronts)]
        settings = folder / "server.properties"
        text = settings.read_text()
        for number, (behind, before) in enumerate(self.fronts):
            for key, value in {
                "advertised.listeners=": f"F{number}://127.0.0.1:{before},",
                "listeners=": f"F{number}://127.0.0.1:{behind},",
                "listener.security.protocol.map=": f"F{number}:PLAINTEXT,",
            }.items():
                text = text.replace(f"\n{key}", f"\n{key}{value}")
        settings.write_text(text)


def settings(address: str, prefix: str) -> dict[str, str | None]:
    """How processes reach this Kafka with topics and groups of their own."""
    groups = {f"{of.upper()}_KAFKA_GROUP_ID": f"{prefix}-{of}" for of in SERVICES}
    return {"KAFKA_BROKER": address, **names_of_topics(prefix), **groups}
