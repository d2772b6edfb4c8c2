"""An Apache Kafka of a run's own (KRaft, one broker or several), in a scratch folder, on 127.0.0.1
and free ports; ended by pid.

    PYTHONPATH=tests python3 -m lib.kafka COMMAND…    runs COMMAND with one, named in MC_TEST_KAFKA
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from lib.daemon import Daemon
from lib.ports import free_port
from lib.required import exit_if_required

REPOSITORY = Path(__file__).resolve().parents[2]
#: Where ./dev setup puts Kafka.
JARS = Path(os.environ.get("MC_KAFKA_JARS", REPOSITORY / "build/kafka/libs"))
START_SECONDS_MAX = 300.0
PASSWORD = "kafka-tests-only"

LOG_PROPERTIES = """
log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %c %m%n
"""

SERVER_PROPERTIES = r"""
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},SASL_SSL://127.0.0.1:{guarded},\
  CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL_SSL://127.0.0.1:{guarded}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_shop="{password}";
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
log.dirs={folder}/data
num.partitions=1
auto.create.topics.enable=false
default.replication.factor={copies}
min.insync.replicas={copies_in_sync}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=5
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={copies_in_sync}
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=500
"""


def missing() -> str | None:
    """Why there can be no Kafka here; nothing when there can."""
    if shutil.which("java") is None:
        return "java is not installed (./dev setup)"
    if not any(JARS.glob("kafka_*.jar")):
        return f"it is not in {JARS} (./dev setup)"
    return None


class Kafka(Daemon):
    """`address` is open to everybody; `guarded` wants TLS and the account shop. One of several is
    told its number and the controllers' ports of all.
    """

    def __init__(
        self, folder: Path, node: int = 1, controllers: Mapping[int, int] | None = None
    ) -> None:
        self.folder = folder
        self.node = node
        self.port, self.guarded_port = free_port(), free_port()
        controllers = controllers or {node: free_port()}
        copies = min(3, len(controllers))
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._make_certificate()
        (folder / "log4j.properties").write_text(LOG_PROPERTIES)
        (folder / "server.properties").write_text(
            SERVER_PROPERTIES.format(
                node=node,
                voters=",".join(f"{each}@127.0.0.1:{at}" for each, at in controllers.items()),
                port=self.port,
                guarded=self.guarded_port,
                controller=controllers[node],
                copies=copies,
                copies_in_sync=max(1, copies - 1),
                folder=folder,
                password=PASSWORD,
            )
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def guarded(self) -> str:
        return f"127.0.0.1:{self.guarded_port}"

    @property
    def authority(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def log(self) -> str:
        path = self.folder / "broker.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def _make_certificate(self) -> None:
        """One for 127.0.0.1 that vouches for itself."""
        key, certificate = self.folder / "key.pem", self.authority
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1".split()
        command += ["-addext", "subjectAltName=IP:127.0.0.1"]
        subprocess.run(
            [*command, "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
        (self.folder / "server.pem").write_text(key.read_text() + certificate.read_text())

    def _java(self, *words: str) -> list[str]:
        return [
            "java",
            "-Xms64m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",  # It never runs for long: compiling well does not pay.
            f"-Dlog4j.configuration=file:{self.folder}/log4j.properties",
            "-cp",
            f"{JARS}/*",
            *words,
        ]

    def start(self) -> "Kafka":
        settings = str(self.folder / "server.properties")
        if not (self.folder / "data").exists():
            words = ["kafka.tools.StorageTool", "format", "-t", "bWljcm9jb21tZXJjZS0xMg"]
            subprocess.run(self._java(*words, "-c", settings), check=True, capture_output=True)
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._java("kafka.Kafka", settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_listens()
        return self

    def _wait_until_it_listens(self) -> None:
        assert self.process is not None
        until = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                ended = self.process.poll() is not None
                assert not ended and time.monotonic() < until, self.log[-3000:]
                time.sleep(0.05)


def main(command: list[str]) -> int:
    if why := missing():
        exit_if_required(f"what needs a broker; Kafka: {why}")
        return subprocess.run(command, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="microcommerce-kafka-") as folder:
        server = Kafka(Path(folder)).start()
        try:
            environment = {**os.environ, "MC_TEST_KAFKA": server.address}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
