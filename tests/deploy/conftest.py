"""What the tests of this folder deploy: the Debian package, and the servers of the full layout."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import kafka as lib_kafka
from lib.mariadb import MariaDb
from lib.server import BINARY, REPOSITORY, require_binary
from lib.tools import run, tool


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made of the program that is there already; nothing is built."""
    require_binary()
    cpack = tool("cpack", "Debian's cmake")
    tool("dpkg-deb", "Debian's dpkg")
    wanted = BINARY.parent / "CPackConfig.cmake"
    if not wanted.exists():
        pytest.skip(f"{BINARY.parent} is no build folder, so there is nothing to pack")
    folder = tmp_path_factory.mktemp("package")
    run(cpack, "--config", wanted, "-B", folder)
    made = list(folder.glob("microcommerce_*_*.deb"))
    assert len(made) == 1, made
    return made[0]


@pytest.fixture(scope="session")
def secrets_made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What deploy/compose/new-env makes."""
    file = tmp_path_factory.mktemp("compose") / ".env"
    run(REPOSITORY / "deploy" / "compose/new-env", file)
    assert file.stat().st_mode & 0o077 == 0, "others can read the secrets"
    again = run(REPOSITORY / "deploy" / "compose/new-env", file, check=False)
    assert again.returncode == 1 and "is there already" in again.stderr
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    made = dict(line.split("=", 1) for line in lines)
    values = [value for key, value in made.items() if key != "BIND"]
    assert len(set(values)) == len(values) and min(map(len, values)) >= 48
    return made


@pytest.fixture(scope="session")
def servers(
    secrets_made: dict[str, str], database: MariaDb, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A Kafka, and a MariaDB with the databases that compose makes: settings that lead there."""
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    # What MariaDB's image runs once; client and server are told apart by the environment.
    at = {"MYSQL_HOST": database.host, "MYSQL_TCP_PORT": str(database.port)}
    environment = {"PATH": "/usr/bin:/bin", **secrets_made, **at, "MARIADB_ROOT_PASSWORD": ""}
    run(REPOSITORY / "deploy/compose/databases.sh", env=environment)
    broker = lib_kafka.Kafka(tmp_path_factory.mktemp("kafka")).start()
    yield {
        "DB_HOST": database.host,
        "DB_PORT": str(database.port),
        "KAFKA_BROKER": broker.address,
    }
    broker.stop()
