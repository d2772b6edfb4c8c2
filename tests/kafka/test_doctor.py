"""`microcommerce doctor` where databases are at a MariaDB and events in a Kafka: what is well, what
is not, and what to do; within seconds, also when a server is away or says nothing.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
)

from conftest import NewServer
from lib import kafka as lib_kafka
from lib import mariadb as lib_mariadb
from lib.kafka import Kafka
from lib.kafka_clients import names_of_topics, topic_of, write
from lib.mariadb import MariaDb
from lib.server import INTERNAL_TOKEN_SECRET, SERVICES, Server
from lib.shop import Shop
from lib.timing import check_in_time, tried_again
from lib.waiting import wait_until

PREFIX = "doctor"
#: However many servers are silent, in seconds.
SECONDS_MAX = 15.0
#: Who hears of events.
LISTENERS = [name for name in SERVICES if name != "user"]


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    own = Kafka(tmp_path_factory.mktemp("kafka"))
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """Its settings are changed here."""
    if why := lib_mariadb.missing():
        pytest.skip(f"MariaDB: {why}")
    own = MariaDb(tmp_path_factory.mktemp("mariadb"))
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.fixture(scope="module")
def shop(brokers: Kafka, tables: MariaDb, new_module_server: NewServer) -> Server:
    env = tables.settings(PREFIX, SERVICES)
    env.update(names_of_topics(PREFIX), KAFKA_BROKER=brokers.address)
    server = new_module_server("doctored", env=env).start()
    Shop(server).sign_up()
    # A group has its members a moment later than the services answer.
    wait_until(
        lambda: doctor(server)[1].count("has 1 member(s)") == len(LISTENERS), "all take part", 120
    )
    return server


def doctor(server: Server, *more: str, **env: str) -> tuple[int, str]:
    def examine() -> tuple[int, str]:
        begun = time.monotonic()
        done = server.run("doctor", *more, check=False)
        check_in_time(time.monotonic() - begun, SECONDS_MAX, "the doctor")
        return done.returncode, done.stdout

    before = dict(server.env)
    server.env.update(env)
    try:
        return tried_again(examine)
    finally:
        server.env = before


def wrongs(text: str) -> list[str]:
    """Each with its mend, in one line."""
    lines = text.splitlines()
    assert all("→" in lines[at + 1] for at, line in enumerate(lines) if line.startswith("WRONG"))
    return [
        f"{line} {lines[at + 1].strip()}"
        for at, line in enumerate(lines)
        if line.startswith("WRONG")
    ]


def test_pools_that_the_server_cannot_hold_are_named(shop: Server) -> None:
    makes = 41 * len(SERVICES)
    (line,) = wrongs(doctor(shop, DB_POOL_SIZE="40")[1])
    assert f"max_connections is 151, and one process with these services makes {makes}" in line
    assert "DB_POOL_SIZE" in line


def test_all_is_well_and_what_was_looked_at_is_told(shop: Server) -> None:
    code, text = doctor(shop)
    assert (code, wrongs(text)) == (0, []), text
    each = (int(shop.env["DB_POOL_SIZE"]) + 1) * len(SERVICES)
    for said in (
        "order        schema up to date",
        "order        doctor_order at 127.0.0.1",
        "database     the server is ",
        "database     sessions have READ COMMITTED, a strict sql_mode and UTC",
        "database     what is answered is on disk",
        f"max_connections = 151 holds {151 // each} process(es) like this one, {each} connections",
        "kafka        1 broker(s) answer",
        "kafka        doctor-order-events: 3 partitions, 1 copies, min.insync.replicas 1",
        "kafka        group cart-service-group has 1 member(s)",
        "All is well.",
    ):
        assert said in text, f"{said!r} is not in\n{text}"


def test_services_may_be_named_and_the_others_are_left_alone(shop: Server) -> None:
    _, text = doctor(shop, "order", INTERNAL_TOKEN_SECRET=INTERNAL_TOKEN_SECRET)
    assert "doctor_order at" in text and "doctor_cart at" not in text
    assert "group order-service-group" in text and "cart-service-group" not in text


@pytest.mark.parametrize(
    ("setting", "usual", "value", "said"),
    [
        ("innodb_flush_log_at_trx_commit", "1", "2", "innodb_flush_log_at_trx_commit is 2"),
        ("max_allowed_packet", "16777216", "1048576", "max_allowed_packet is 1048576"),
        ("read_only", "OFF", "ON", "read_only, a replica perhaps"),
    ],
)
def test_a_setting_of_the_database_server_that_loses_something_is_named(
    shop: Server, tables: MariaDb, setting: str, usual: str, value: str, said: str
) -> None:
    tables.query(f"SET GLOBAL {setting} = {value}")
    try:
        code, text = doctor(shop)
        (line,) = wrongs(text)
        assert code == 1 and line.startswith("WRONG database") and said in line
    finally:
        tables.query(f"SET GLOBAL {setting} = {usual}")


def test_a_schema_that_is_older_newer_or_half_done_is_named(shop: Server, tables: MariaDb) -> None:
    schema = f"{PREFIX}_cart"
    last = "WHERE series = 'service' ORDER BY number DESC LIMIT 1"
    tables.query(f"UPDATE schema_migrations SET is_done = 0 {last}", schema)
    try:
        (line,) = wrongs(doctor(shop)[1])
        assert line.startswith("WRONG cart") and "was begun and is not done" in line
    finally:
        tables.query("UPDATE schema_migrations SET is_done = 1", schema)
    tables.query("INSERT INTO schema_migrations VALUES ('service', 99, 'gifts', 'x', 0, 1)", schema)
    try:
        (line,) = wrongs(doctor(shop)[1])
        assert "does not know its service migration 0099_gifts" in line
    finally:
        tables.query("DELETE FROM schema_migrations WHERE number = 99", schema)
    tables.query("CREATE TABLE saved AS SELECT * FROM schema_migrations", schema)
    tables.query(f"DELETE FROM schema_migrations {last}", schema)
    try:
        (line,) = wrongs(doctor(shop)[1])
        assert "1 migration(s) are not applied" in line and "microcommerce migrate" in line
    finally:
        tables.query("REPLACE INTO schema_migrations SELECT * FROM saved", schema)
        tables.query("DROP TABLE saved", schema)
    assert doctor(shop)[0] == 0


def test_a_topic_that_forgets_is_named(shop: Server, brokers: Kafka) -> None:
    admin = AdminClient({"bootstrap.servers": brokers.address})

    def keep(retention_ms: str) -> None:
        entry = ConfigEntry(
            "retention.ms", retention_ms, incremental_operation=AlterConfigOpType.SET
        )
        wanted = ConfigResource(
            ConfigResource.Type.TOPIC, topic_of(shop, "user"), incremental_configs=[entry]
        )
        admin.incremental_alter_configs([wanted])[wanted].result()

    keep("86400000")
    try:
        (line,) = wrongs(doctor(shop)[1])
        assert "doctor-user-events: events go after 1 day(s)" in line and "retention.ms=-1" in line
        assert doctor(shop, LOG_RETENTION_DAYS="1")[0] == 0
    finally:
        keep("-1")


def test_a_topic_by_somebody_elses_defaults_is_named(shop: Server, brokers: Kafka) -> None:
    admin = AdminClient({"bootstrap.servers": brokers.address})
    admin.create_topics([NewTopic("theirs", 1, 1)])["theirs"].result()
    config = {"retention.ms": "-1", "cleanup.policy": "compact"}
    admin.create_topics([NewTopic("theirs-compact", 1, 1, config=config)])[
        "theirs-compact"
    ].result()
    for topic, said in (("theirs", "events go after 7 day(s)"), ("theirs-compact", "compact")):
        (line,) = wrongs(doctor(shop, KAFKA_ORDER_EVENTS_TOPIC=topic)[1])
        assert f"{topic}: " in line and said in line
    _, text = doctor(shop, KAFKA_ORDER_EVENTS_TOPIC="not-there")
    assert "not-there is not there yet; serve makes it" in text


def test_events_that_nobody_could_take_in_are_counted_at_the_server_too(
    shop: Server, brokers: Kafka, tables: MariaDb
) -> None:
    write(brokers, topic_of(shop, "user"), {"key": b"1", "value": b"{}"})
    for name in LISTENERS:
        wait_until(
            lambda schema=f"{PREFIX}_{name}": (
                tables.query("SELECT COUNT(*) FROM dead_letters", schema) == [("1",)]
            ),
            f"{name} has set it aside",
        )
    letters = [line for line in wrongs(doctor(shop)[1]) if "waits for somebody to decide" in line]
    assert any("order could not take in 1 of them" in line for line in letters)
    assert all("events dead list --service" in line for line in letters)
    for name in SERVICES:
        tables.query("DELETE FROM dead_letters", f"{PREFIX}_{name}")


def test_a_process_that_is_not_there_leaves_its_events_unsent_and_unheard(
    shop: Server, brokers: Kafka, tables: MariaDb
) -> None:
    assert shop.stop() == 0
    try:
        user = {"key": b"9", "value": b'{"eventType":"NOBODY_KNOWS_IT"}'}
        write(brokers, topic_of(shop, "user"), user, user)
        tables.query(
            "INSERT INTO outbox (topic, message_key, event_type, event_version, producer, "
            "traceparent, value) SELECT 'user-events', '1', 'X', 1, 'x', '', '{}'",
            f"{PREFIX}_user",
        )
        text = doctor(shop)[1]
        told = wrongs(text)
        assert any("1 event(s) of user wait in its outbox and none goes out" in one for one in told)
        assert any("cart is 2 event(s) behind and takes none in" in one for one in told)
        assert all("does a process run the service" in one for one in told)
    finally:
        tables.query("DELETE FROM outbox", f"{PREFIX}_user")
        shop.start()
        for name in SERVICES:
            tables.query("DELETE FROM dead_letters", f"{PREFIX}_{name}")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_a_kafka_that_is_away_is_one_clear_finding_and_what_waits_for_it_is_counted(
    shop: Server, brokers: Kafka, how: str
) -> None:
    brokers.freeze() if how == "frozen" else brokers.kill()
    try:
        Shop(shop).sign_up()
        code, text = doctor(shop)
        told = wrongs(text)
        assert code == 1
        assert f"WRONG kafka        Kafka at {brokers.address} is away: " in told[0]
        assert "events wait in the outboxes meanwhile" in told[0]
        assert any("event(s) of user wait in its outbox and none goes out" in one for one in told)
        assert len(told) == 2, text
    finally:
        brokers.thaw() if how == "frozen" else brokers.start()
    wait_until(lambda: doctor(shop)[0] == 0, "all is well again", 180)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_a_database_server_that_is_away_is_told_for_each_service_and_holds_up_nobody(
    shop: Server, tables: MariaDb, how: str
) -> None:
    tables.freeze() if how == "frozen" else tables.stop()
    try:
        code, text = doctor(shop)
        told = wrongs(text)
        assert code == 1 and len(told) == len(SERVICES), text
        for name in SERVICES:
            assert any(one.startswith(f"WRONG {name} ") for one in told)
        assert "kafka        1 broker(s) answer" in text
    finally:
        tables.thaw() if how == "frozen" else tables.start()
    wait_until(lambda: doctor(shop)[0] == 0, "all is well again", 180)


def test_an_account_that_the_database_refuses_is_named(shop: Server) -> None:
    code, text = doctor(shop, DB_USER="stranger", DB_PASSWORD="guess-7")
    assert code == 1 and "Access denied" in text and "guess-7" not in text
    assert len(wrongs(text)) == len(SERVICES)


def test_brokers_that_are_no_addresses_are_one_finding(shop: Server, tmp_path: Path) -> None:
    code, text = doctor(shop, KAFKA_BROKER="not a broker")
    assert code == 1 and any("KAFKA_BROKER must be host:port" in one for one in wrongs(text))
