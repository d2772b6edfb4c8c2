"""What a shop asks of its databases while nobody asks anything of it."""

import pytest

from lib.kafka import Kafka
from lib.kafka_clients import NewKafkaServer
from lib.mariadb import MariaDb
from lib.server import SERVICES, Server
from lib.waiting import wait_until

#: Of all services together; each renews its lease three times a second.
RENEWALS = 60
SHARED_SECRET = "both-copies-speak-with-this-0123456789abcdef"


def counted(database: MariaDb, words: str) -> int:
    """Of the statements that were run, those with these words."""
    found = database.query(
        "SELECT COUNT(*) FROM general_log WHERE command_type = 'Execute' "
        f"AND CONVERT(argument USING utf8mb4) LIKE '%{words}%'",
        "mysql",
    )
    return int(found[0][0])


def looks_per_renewal(database: MariaDb) -> float:
    """How often outboxes are looked into while leases are renewed so often."""
    database.query("SET GLOBAL log_output = 'TABLE'")
    database.query("TRUNCATE TABLE general_log; SET GLOBAL general_log = 1", "mysql")
    try:
        wait_until(lambda: counted_renewals(database) >= RENEWALS, "leases are renewed")
        return counted_looks(database) / counted_renewals(database)
    finally:
        database.query("SET GLOBAL general_log = 0")


def counted_renewals(database: MariaDb) -> int:
    return counted(database, "UPDATE leases%SET holder")


def counted_looks(database: MariaDb) -> int:
    return counted(database, "FROM outbox WHERE id >")


def settings(database: MariaDb, prefix: str) -> dict[str, str]:
    return database.settings(prefix, SERVICES) | {"INTERNAL_TOKEN_SECRET": SHARED_SECRET}


@pytest.mark.slow
def test_outboxes_are_looked_into_often_only_while_a_second_copy_may_write_to_them(
    kafka: Kafka, on_kafka: NewKafkaServer, database: MariaDb
) -> None:
    env = settings(database, "rest")
    one: Server = on_kafka(kafka, "one", prefix="rest", env=env)
    one.start()
    # Until what the start itself told is sent and deleted.
    wait_until(lambda: looks_per_renewal(database) < 2, "who is alone looks when it renews")

    two: Server = on_kafka(kafka, "two", prefix="rest", env=env)
    two.start()
    wait_until(lambda: looks_per_renewal(database) > 4, "the other copy's rows are looked for")
    two.kill()
    wait_until(lambda: looks_per_renewal(database) < 2, "it is alone again")
